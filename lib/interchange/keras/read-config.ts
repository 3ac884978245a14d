// The structure of a model in Keras' config as the config of a model of this package.
import { inWords, kindOf } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import { type LayerClass, registerClass, type SavedLayer } from '../../layers/registry.js';
import type { Shape } from '../../tensor.js';
import {
  camelCase,
  isKerasObject,
  isModelClass,
  type KerasConfig,
  type KerasObject,
  ownValue,
  requireList,
  requireRecord,
  within,
} from './keras-object.js';
import { sortedKeys } from './layer-order.js';
import { isAllowed, type KerasLayer, kerasLayers } from './layer-table.js';
import { lookedUpNames } from './looked-up.js';
import { modernized } from './older-configs.js';
import { readOption } from './parts.js';
import { type History, isHistory, requireHistory, tensorsOf } from './places.js';

/** Classes of layers by the names that a file has for them. */
export type CustomObjects = Readonly<Record<string, LayerClass>>;

/** An axis that must be the last of what a layer takes, the batch counting as axis 0. */
export interface ExpectedAxis {
  /** Names of the models around the layer, from the outside, and its own. */
  readonly path: readonly string[];
  readonly axis: number;
}

export interface ReadModel {
  readonly saved: SavedLayer;
  readonly expectedAxes: readonly ExpectedAxis[];
}

/**
 * A model, of a config of Keras 1, 2 or 3.
 * @throws CudaGanError `CUDA_GAN_VALUE` for what is no such config, a class that is not known, an option that is not supported.
 */
export function readModelConfig(object: unknown, customObjects: CustomObjects = {}): ReadModel {
  if (!isKerasObject(object) && !isOldSequential(object)) {
    throw new CudaGanError('CUDA_GAN_VALUE', `the config is ${inWords(object)}; wanted is a model of Keras`);
  }
  const reader = new ConfigReader(customObjects);
  const saved = reader.model(object, []);
  if (saved === undefined) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `the config is of a ${object.class_name}; wanted is a Sequential or Functional model`,
    );
  }
  return { saved, expectedAxes: reader.expectedAxes };
}

/** Up to 2.2.4, the config of a stack is the list of its layers. */
function isOldSequential(object: unknown): object is KerasObject {
  return (
    kindOf(object) === 'Object' &&
    (object as KerasObject).class_name === 'Sequential' &&
    Array.isArray((object as KerasObject).config)
  );
}

/** More models within models than anyone stacks. */
const deepest = 64;

class ConfigReader {
  readonly #customObjects: CustomObjects;
  readonly #byKerasName: ReadonlyMap<string, string>;
  readonly expectedAxes: ExpectedAxis[] = [];

  constructor(customObjects: CustomObjects) {
    this.#customObjects = customObjects;
    this.#byKerasName = new Map(
      Object.entries(kerasLayers).map(([className, entry]) => [entry.className ?? className, className]),
    );
    for (const layerClass of Object.values(customObjects)) registerClass(layerClass);
  }

  /** Undefined for what is no model. */
  model(object: KerasObject, around: readonly string[]): SavedLayer | undefined {
    if (around.length > deepest)
      throw new CudaGanError('CUDA_GAN_VALUE', `more than ${deepest} models are within others`);
    switch (object.class_name) {
      case 'Sequential':
        return this.#sequential(object, around);
      case 'Functional':
      case 'Model':
        return this.#functional(object, around);
      default:
        return undefined;
    }
  }

  #sequential({ config }: KerasObject, around: readonly string[]): SavedLayer {
    const options = Array.isArray(config) ? { layers: config } : config;
    const path = [...around, nameIn(options, 'sequential')];
    let inputShape = within(`model "${path.at(-1)}"`, () =>
      batchShape(options.build_input_shape ?? options.batch_input_shape),
    );
    const layers: SavedLayer[] = [];
    for (const object of requireList('layers', options.layers).map(requireObject)) {
      if (object.class_name === 'InputLayer') {
        inputShape = within(`input "${nameOf(object)}"`, () => inputOf(object)).shape;
      } else {
        const layer = this.#layer(object, path);
        layers.push(layers.length === 0 && inputShape !== undefined ? withInputShape(layer, inputShape) : layer);
      }
    }
    return { className: 'Sequential', config: { ...baseOptions(options), layers } };
  }

  #functional({ config }: KerasObject, around: readonly string[]): SavedLayer {
    const path = [...around, nameIn(config, 'functional')];
    const given = requireList('layers', config.layers);
    const objects = given.map(requireObject);
    const lookedUp = lookedUpNames(given);
    const saved = new Map<string, SavedLayer>();
    const layers = objects.map((object) => {
      const name = nameOf(object);
      const layer =
        object.class_name === 'InputLayer' ? inputLayer(object, name, lookedUp.has(name)) : this.#layer(object, path);
      const named = { ...layer, config: { ...layer.config, name } };
      saved.set(name, named);
      return named;
    });
    const connected = objects.map((object, i) => {
      const nodes = requireList('inbound_nodes', (object as { inbound_nodes?: unknown }).inbound_nodes ?? []);
      const inboundNodes = within(`layer "${nameOf(object)}"`, () =>
        nodes.map((node) => placeOf(node, layers[i]!, modelsIn(objects), saved)),
      );
      return { ...layers[i]!, inboundNodes };
    });
    const ends = (what: string) => endsOf(what, config[what], countedFromOne(objects), saved);
    return {
      className: 'Functional',
      config: {
        ...baseOptions(config),
        layers: connected,
        inputs: ends('input_layers'),
        outputs: ends('output_layers'),
      },
    };
  }

  #layer(given: KerasObject, around: readonly string[]): SavedLayer {
    const object = modernized(given);
    const name = nameOf(object);
    const where = `layer "${name}" (${object.class_name})`;
    return within(where, () => this.model(object, around) ?? this.#custom(object) ?? this.#known(object, around, name));
  }

  /** A layer of the user's, or of this package alone: its config is as its class wrote it. */
  #custom(object: KerasObject): SavedLayer | undefined {
    const { class_name: bare, registered_name: registered } = object;
    // Keras has `package>Class` for the name of the class in files of Keras 2's words, and beside it in others.
    const names = [bare, registered ?? bare, bare.slice(bare.lastIndexOf('>') + 1)];
    const found = names.map((name) => ownValue(this.#customObjects, name)).find((one) => one !== undefined);
    const className = found?.className ?? ownClassName(object);
    if (className === undefined) return undefined;
    const { dtype: _, ...config } = object.config;
    return { className, config };
  }

  #known(object: KerasObject, around: readonly string[], name: string): SavedLayer {
    const className = this.#byKerasName.get(object.class_name);
    if (className === undefined || !isKerasLayer(object)) {
      throw new CudaGanError(
        'CUDA_GAN_VALUE',
        `there is no such layer${object.module ? ` (of ${object.module})` : ''}; known are ${[...this.#byKerasName.keys()].join(', ')}, and those in customObjects`,
      );
    }
    const entry = kerasLayers[className]!;
    const options = new Map<string, unknown>();
    for (const [key, value] of Object.entries(object.config)) {
      const option = this.#option(key, value, entry, { path: [...around, name] });
      if (option !== undefined) options.set(...option);
    }
    if (object.class_name === 'SpectralNormalization') {
      options.set('layer', this.#layer(requireObject(object.config.layer), around));
    }
    return { className, config: Object.fromEntries(options) };
  }

  /** An option as we call it; none where it says what is so anyway. */
  #option(
    key: string,
    value: unknown,
    entry: KerasLayer,
    { path }: Pick<ExpectedAxis, 'path'>,
  ): [name: string, value: unknown] | undefined {
    if (key === 'layer' || entry.ignored?.includes(key)) return undefined;
    if (key === 'dtype') return requireFloat32(value);
    if (key === 'batch_input_shape') return ['inputShape', batchShape(value)];
    const allowed = ownValue({ ...entry.sometimes, ...entry.only }, key);
    if (allowed !== undefined) {
      if (key.endsWith('_initializer')) {
        // Of statistics, which the file replaces: any that there is.
        readOption('movingInitializer', value);
        return undefined;
      }
      if (isAllowed(allowed, value)) return undefined;
      const axis = entry.lastAxis && key === 'axis' ? onlyAxis(value) : undefined;
      if (axis === undefined) throw notSupported(key, value, allowed);
      if (axis !== -1) this.expectedAxes.push({ path, axis });
      return undefined;
    }
    // What is null has its default.
    if (value === null) return undefined;
    const option = optionName(key, entry);
    return [option, readOption(option, value)];
  }
}

function notSupported(key: string, value: unknown, allowed: readonly unknown[]): CudaGanError {
  const values = allowed.map((one) => JSON.stringify(one)).join(' and ');
  return new CudaGanError('CUDA_GAN_VALUE', `${key} is ${JSON.stringify(value)}; supported is ${values}`);
}

function optionName(key: string, { names = {}, keras2Names = {} }: KerasLayer): string {
  const known = [...Object.entries(names), ...Object.entries(keras2Names)].find(([, theirs]) => theirs === key);
  return known?.[0] ?? camelCase(key);
}

/** `float32`, or Keras 3's policy of that name. */
function requireFloat32(value: unknown): undefined {
  const name = isKerasObject(value) ? value.config.name : value;
  if (name === 'float32' || name === null) return undefined;
  throw notSupported('dtype', name ?? value, ['float32']);
}

/** 3, or [3], or [-1]. */
function onlyAxis(value: unknown): number | undefined {
  const axis: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof axis === 'number' && Number.isInteger(axis) && (axis > 0 || axis === -1) ? axis : undefined;
}

function isKerasLayer({ module, registered_name: registered }: KerasObject): boolean {
  return (module ?? 'keras.layers').includes('layers') && (registered == null || !registered.includes('>'));
}

/** The name of a class of layers of the user's or of this package alone: as `writeModel` says it. */
function ownClassName({ registered_name: registered, class_name: className }: KerasObject): string | undefined {
  const own = (registered ?? className).match(/^cuda_gan>(.+)$/)?.[1];
  return own === undefined || isModelClass(own) ? undefined : own;
}

function requireObject(value: unknown): KerasObject {
  if (isKerasObject(value) || isOldSequential(value)) return value;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `a layer is ${inWords(value)}; wanted is an object with class_name and config`,
  );
}

function nameOf({ class_name: className, config, ...rest }: KerasObject): string {
  const { name } = {
    ...(kindOf(config) === 'Object' && { name: config.name }),
    ...('name' in rest && { name: rest.name }),
  };
  return typeof name === 'string' ? name : className;
}

function nameIn({ name }: KerasConfig, otherwise: string): string {
  return typeof name === 'string' ? name : otherwise;
}

/** What models and layers have in common. */
function baseOptions({ name, trainable }: KerasConfig): Record<string, unknown> {
  return { ...(typeof name === 'string' && { name }), ...(typeof trainable === 'boolean' && { trainable }) };
}

/** Shape of a sample, of one with the batch in front. */
function batchShape(value: unknown): Shape | undefined {
  if (value === undefined || value === null) return undefined;
  const [, ...shape] = requireList('the shape of a batch', value);
  if (shape.every((size) => Number.isInteger(size) && (size as number) > 0)) return shape as number[];
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `the shape of a batch is ${JSON.stringify(value)}; all but the first size must be known`,
  );
}

const inputOnly: Readonly<Record<string, readonly unknown[]>> = {
  sparse: [false],
  ragged: [false],
  optional: [false],
};

/** Element types of inputs. */
const inputTypes = new Map([
  ['float32', 'float32'],
  ['uint8', 'float32'],
  ['int32', 'int32'],
  ['int64', 'int32'],
]);

function inputOf({ config }: KerasObject): { shape: Shape; dtype: string } {
  for (const [key, allowed] of Object.entries(inputOnly)) {
    const value = config[key] ?? false;
    if (!isAllowed(allowed, value)) throw notSupported(key, value, allowed);
  }
  const shape = batchShape(config.batch_shape ?? config.batch_input_shape);
  if (shape === undefined) throw new CudaGanError('CUDA_GAN_VALUE', 'an input has no shape');
  const dtype = inputTypes.get(String(config.dtype ?? 'float32'));
  if (dtype === undefined) throw notSupported('dtype', config.dtype, [...inputTypes.keys()]);
  return { shape, dtype };
}

function inputLayer(object: KerasObject, name: string, lookedUp: boolean): SavedLayer {
  const { shape, dtype } = within(`input "${name}"`, () => inputOf(object));
  return { className: 'InputLayer', config: { name, shape, dtype: lookedUp ? 'int32' : dtype } };
}

/** Gives the shape to the first layer that can take one. */
function withInputShape(layer: SavedLayer, inputShape: Shape): SavedLayer {
  const { className, config } = layer;
  if (className === 'Functional') return layer;
  if (className !== 'Sequential') return { className, config: { inputShape, ...config } };
  const [first, ...others] = config.layers as SavedLayer[];
  if (first === undefined) return layer;
  return { className, config: { ...config, layers: [withInputShape(first, inputShape), ...others] } };
}

function modelsIn(objects: readonly KerasObject[]): ReadonlySet<string> {
  return new Set(objects.filter(({ class_name: className }) => isModelClass(className)).map(nameOf));
}

/**
 * Names of the layers whose places are counted from 1 on where they are ends of a model: those of models, which count the place where
 * they were connected themselves. Keras 3 counts so for connected models alone, and only there; it says what a place takes by records.
 */
function countedFromOne(objects: readonly KerasObject[]): ReadonlySet<string> {
  const nodes = objects.flatMap((object) => (object as { inbound_nodes?: unknown }).inbound_nodes ?? []);
  const isKeras3 = nodes.length > 0 && !nodes.some(Array.isArray);
  if (!isKeras3) return modelsIn(objects);
  return modelsIn(objects.filter(({ class_name: className }) => className !== 'Sequential'));
}

/** A place counted from 0 on, as this package does. */
function fromZero([name, node, output]: History, ofOne: ReadonlySet<string>): History {
  return [name, ofOne.has(name) ? node - 1 : node, output];
}

/** Layers of a model by their names. */
type SavedLayers = ReadonlyMap<string, SavedLayer>;

/** The outputs of a model within that are a record are counted by its sorted keys in a file, and as they were given here. */
function asGiven([name, node, output]: History, layers: SavedLayers): History {
  const names = recordNames(layers.get(name), 'outputs') ?? [];
  const key = sortedKeys(names)[output];
  return [name, node, key === undefined ? output : names.indexOf(key)];
}

/** Where a layer is applied. */
function placeOf(
  node: unknown,
  layer: SavedLayer,
  models: ReadonlySet<string>,
  layers: SavedLayers,
): { inputs: readonly History[]; training?: boolean } {
  const found = tensorsOf(node, recordNames(layer, 'inputs'));
  const counted = Array.isArray(node) ? found.map((history) => fromZero(history, models)) : found;
  const inputs = counted.map((history) => asGiven(history, layers));
  const said = trainingOf(node);
  const training = said === true && ownValue(kerasLayers, layer.className)?.saysTraining ? undefined : said;
  return { inputs, ...(training !== undefined && { training }) };
}

/** The names of the inputs or outputs of a model, where they are a record. */
function recordNames(layer: SavedLayer | undefined, what: 'inputs' | 'outputs'): readonly string[] | undefined {
  const given = layer?.className === 'Functional' ? layer.config[what] : undefined;
  return kindOf(given) === 'Object' ? Object.keys(given as object) : undefined;
}

/** The mode that a place is pinned to. */
function trainingOf(node: unknown): boolean | undefined {
  const settings = Array.isArray(node)
    ? node.filter(Array.isArray).map(([, , , given]) => given ?? {})
    : [requireRecord('a place of the layer', node).kwargs ?? {}];
  let training: boolean | undefined;
  for (const given of settings) {
    for (const [key, value] of Object.entries(requireRecord('what a layer is called with', given))) {
      if (isNothing(value)) continue;
      if (key !== 'training' || typeof value !== 'boolean') {
        throw new CudaGanError(
          'CUDA_GAN_VALUE',
          `it is called with ${key} = ${inWords(value)}, which is not supported`,
        );
      }
      training = value;
    }
  }
  return training;
}

/** Null, or masks of several tensors that are all null. */
function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isNothing);
  return value === null || (kindOf(value) === 'Object' && Object.values(value as object).every(isNothing));
}

function endsOf(what: string, given: unknown, ofOne: ReadonlySet<string>, layers: SavedLayers): unknown {
  const end = (history: unknown) => asGiven(fromZero(requireHistory(history), ofOne), layers);
  if (isHistory(given)) return end(given);
  if (Array.isArray(given)) return given.length === 1 ? endsOf(what, given[0], ofOne, layers) : given.map(end);
  const record = requireRecord(what, given);
  return Object.fromEntries(Object.entries(record).map(([name, history]) => [name, end(history)]));
}
