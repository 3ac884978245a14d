// Models from files of all formats.
import { kindOf, notAllowed, trueOrFalse } from '../checks.js';
import { resolveDevice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import type { Layer } from '../layers/layer.js';
import { type LayerClass, layerFromConfig } from '../layers/registry.js';
import { checkOptions, type OptionNames } from '../options.js';
import { loadConfig } from './files.js';
import { Model, type ModelOptions, type Prediction, type Predictions } from './model.js';
import { formatOfContent, mistakeOfFile } from './model-formats.js';

/** What `loadModel` takes beside a path. */
export interface LoadOptions extends Pick<ModelOptions, 'device'> {
  /** Classes of layers of one's own by the names that a file of Keras or TensorFlow.js has for them. Default: none. */
  readonly customObjects?: Readonly<Record<string, LayerClass>> | undefined;
  /** Whether a model of a file of Keras or TensorFlow.js that says how it was compiled is compiled so, with the optimizer's state. Default true. */
  readonly compile?: boolean | undefined;
}

const loadOptionNames: OptionNames<LoadOptions> = { device: true, customObjects: true, compile: true };

/**
 * Reads a model that `save` wrote, of whatever kind, or one of Keras, TensorFlow.js or ONNX: what a file is shows by its content.
 * Classes of layers of one's own must be registered before, by `registerClass`.
 * @throws CudaGanError `CUDA_GAN_FILE` when the file is missing, damaged, or holds no model, or a layer, or an option of one, that
 * this package has not.
 */
export async function loadModel<Predicted extends Predictions = Prediction>(
  path: string,
  options?: LoadOptions,
): Promise<Model<Predicted>> {
  return (await readModel('loadModel', path, options)) as Model<Predicted>;
}

/**
 * Reads a model, one of the class `wanted` where that is given.
 * @internal
 * @throws CudaGanError as `loadModel`.
 */
export async function readModel(
  call: string,
  path: string,
  options: LoadOptions | undefined,
  wanted?: string,
): Promise<Model> {
  const { device, customObjects = {}, compile = true } = checkOptions<LoadOptions>(call, options, loadOptionNames);
  const settings = {
    customObjects: requireClasses(customObjects),
    compile: trueOrFalse('compile', compile),
    // Before a file is read: a wrong device is no fault of the file.
    device: device === undefined ? undefined : resolveDevice(device),
  };
  const format = await formatOfContent(path);
  if (format === undefined) return readOwn(path, settings, wanted);
  const model = await format.load(path, settings);
  requireClass(path, model.className, wanted);
  return model;
}

function requireClass(path: string, className: string, wanted: string | undefined): void {
  if (wanted === undefined || className === wanted) return;
  throw new CudaGanError('CUDA_GAN_FILE', `${path} holds a ${className}, not a ${wanted}`);
}

/** Of a safetensors file. */
async function readOwn(
  path: string,
  { device }: Pick<ModelOptions, 'device'>,
  wanted: string | undefined,
): Promise<Model> {
  const saved = await loadConfig(path);
  requireClass(path, saved.className, wanted);
  let model: Layer;
  try {
    model = layerFromConfig(saved);
  } catch (error) {
    throw mistakeOfFile(path, error);
  }
  if (!(model instanceof Model)) {
    throw new CudaGanError('CUDA_GAN_FILE', `${path} holds a ${saved.className}, not a model`);
  }
  if (model.layers.length === 0) throw new CudaGanError('CUDA_GAN_FILE', `${path} holds a model without layers`);
  if (device !== undefined) model.device = device;
  await model.loadWeights(path);
  return model;
}

function requireClasses(customObjects: unknown): Readonly<Record<string, LayerClass>> {
  if (kindOf(customObjects) === 'Object') return customObjects as Readonly<Record<string, LayerClass>>;
  throw notAllowed('customObjects', customObjects, 'records of classes of layers by name');
}
