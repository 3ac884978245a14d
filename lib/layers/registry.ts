// The classes of layers and models by name: what is saved in a file finds its class again here.
import { inWords, kindOf, named } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { Layer, type LayerConfig } from './layer.js';

/** Class and options of a layer, enough to make it again. */
export interface SavedLayer {
  readonly className: string;
  readonly config: LayerConfig;
}

/** A class whose layers can be made again from what their `getConfig` returns. */
export interface LayerClass {
  /** The name of the class in files: of its own, not inherited. */
  readonly className: string;
  /** Takes what `getConfig` returns, unless there is a `fromConfig`. */
  new (config: never): Layer;
  /** Makes a layer again of what `getConfig` said of it. Default: `new` with that as options. */
  fromConfig?(config: LayerConfig): Layer;
}

const classes = new Map<string, LayerClass>();

/**
 * Lets models with layers of this class load again. Call it once, beside the class.
 * @throws CudaGanError `CUDA_GAN_VALUE` for what is no class of layers, has no `static className`, or has that of another
 * class.
 */
export function registerClass(layerClass: LayerClass): void {
  if (!(typeof layerClass === 'function' && layerClass.prototype instanceof Layer)) {
    throw new CudaGanError('CUDA_GAN_VALUE', `registerClass: ${inWords(layerClass)} is no class that extends Layer`);
  }
  const className: unknown = Object.hasOwn(layerClass, 'className') ? layerClass.className : undefined;
  if (typeof className !== 'string' || className === '') {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `registerClass: ${inWords(layerClass)} has no static className of its own, a text that is not empty`,
    );
  }
  const known = classes.get(className);
  if (known !== undefined && known !== layerClass) {
    throw new CudaGanError('CUDA_GAN_VALUE', `registerClass: there is another class of layers called "${className}"`);
  }
  classes.set(className, layerClass);
}

/** Whether there is a class of that name. */
export function isRegistered(className: string): boolean {
  return classes.has(className);
}

/**
 * Makes a layer or model again.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a class that is not registered, or a config that the class does not take.
 */
export function layerFromConfig({ className, config }: SavedLayer): Layer {
  const LayerClass = classes.get(className) ?? named('layer', table(), className, ownClassesHint);
  try {
    return LayerClass.fromConfig?.(config) ?? new LayerClass(config as never);
  } catch (error) {
    // A model's own errors name it, and the layers in it.
    if (!(error instanceof CudaGanError) || 'layers' in config) throw error;
    const name = typeof config.name === 'string' ? `"${config.name}" ` : '';
    throw new CudaGanError(error.code, `layer ${name}(${className}): ${error.message}`, { cause: error });
  }
}

/** The classes by name, in the order of the alphabet. */
function table(): Readonly<Record<string, LayerClass>> {
  const names = [...classes.keys()].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return Object.fromEntries(names.map((name) => [name, classes.get(name)!]));
}

const ownClassesHint = 'classes of your own are known once registerClass was called for them';

export function isSavedLayer(value: unknown): value is SavedLayer {
  return isObject(value) && 'className' in value && 'config' in value && isObject(value.config);
}

function isObject(value: unknown): value is object {
  return kindOf(value) === 'Object';
}
