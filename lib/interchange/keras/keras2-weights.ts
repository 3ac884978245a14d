// Weights and optimizer state as Keras 1 and 2 have them in an HDF5 file, and Keras 3 in its `.h5` files.
import { CudaGanError } from '../../errors.js';
import type { Hdf5Group } from '../../formats/hdf5/index.js';
import { InputLayer } from '../../layers/input.js';
import type { Layer } from '../../layers/layer.js';
import type { Model } from '../../models/model.js';
import type { Variable } from '../../program/variable.js';
import type { Tensor } from '../../tensor.js';
import { contentFor, findDataset, findGroup, type GroupBuilder } from './contents.js';
import type { RecordOrder } from './layer-order.js';
import type { OptimizerContent } from './optimizer-content.js';
import { type Contents, dividedKernels, ownGroup, spectralNormalizations, warnOfStretch } from './spectral-kernel.js';
import { layersOf, legacyOrder } from './weight-places.js';

/** Of what is said of files: no attribute of a header may have more bytes. */
const maxAttributeBytes = 64512;

/** What is written about a file, in its root and its weights. */
export const version = { keras_version: '2.15.0', backend: 'tensorflow' };

/** Puts the weights into `model_weights`, one group a layer. */
export function writeKeras2Weights(root: GroupBuilder, model: Model, contents: Contents, order: RecordOrder): void {
  const group = root.at('model_weights');
  const divided = dividedKernels(model, contents);
  const names = new Map(model.namedWeights.map(([name, variable]) => [variable, name]));
  const layers = layersOf(model, order);
  for (const [attribute, value] of Object.entries(version)) group.say(attribute, value);
  sayList(
    group,
    'layer_names',
    layers.map((layer) => model.nameOf(layer)),
  );
  for (const layer of layers) {
    const ofLayer = group.at(model.nameOf(layer));
    const weights = legacyOrder(layer, order);
    const nameOf = (weight: Variable) => `${names.get(weight)}:0`;
    sayList(ofLayer, 'weight_names', weights.map(nameOf));
    for (const weight of weights) {
      putAt(ofLayer, nameOf(weight), divided.get(weight) ?? contents.get(weight)!);
      if (divided.has(weight)) putAt(root.at(ownGroup), nameOf(weight), contents.get(weight)!);
    }
  }
}

export function writeKeras2Optimizer(root: GroupBuilder, { name, entries }: OptimizerContent): void {
  const group = root.at('optimizer_weights');
  const names = entries.map((_, i) => `${name}/${i}`);
  sayList(group, 'weight_names', names);
  entries.forEach(({ tensor, dtype }, i) => {
    group.at(name).put(String(i), tensor, dtype);
  });
}

function putAt(group: GroupBuilder, path: string, tensor: Tensor): void {
  const end = path.lastIndexOf('/');
  group.at(path.slice(0, Math.max(end, 0))).put(path.slice(end + 1), tensor);
}

/** A list of texts as an attribute; a long one in pieces, `name0`, `name1`, as Keras has it. */
export function sayList(group: GroupBuilder, name: string, texts: readonly string[]): void {
  const longest = Math.max(1, ...texts.map((text) => Buffer.byteLength(text)));
  const count = Math.max(1, Math.floor(maxAttributeBytes / longest));
  if (texts.length <= count) {
    group.say(name, texts);
    return;
  }
  for (let begin = 0, piece = 0; begin < texts.length; begin += count, piece++) {
    group.say(`${name}${piece}`, texts.slice(begin, begin + count));
  }
}

function listIn(group: Hdf5Group, name: string): readonly string[] {
  const whole = group.attributes.get(name);
  if (whole !== undefined) return requireTexts(name, whole);
  const pieces: string[] = [];
  for (let piece = 0; group.attributes.has(`${name}${piece}`); piece++) {
    pieces.push(...requireTexts(name, group.attributes.get(`${name}${piece}`)));
  }
  return pieces;
}

function requireTexts(name: string, value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((text) => typeof text === 'string')) return value;
  // An empty list has no type.
  if (Array.isArray(value) && value.length === 0) return [];
  throw new CudaGanError('CUDA_GAN_VALUE', `its attribute ${name} is no list of texts`);
}

/** The group that has the weights of the layers; undefined where a file has none. */
export function weightsGroup(root: Hdf5Group): Hdf5Group | undefined {
  return [findGroup(root, 'model_weights'), root].find(
    (group) => group?.attributes.has('layer_names') || group?.attributes.has('layer_names0'),
  );
}

/**
 * Layers that have weights are taken in their order, as Keras does, whatever they are called.
 * @throws CudaGanError `CUDA_GAN_VALUE` when a weight is missing, left over, or has another shape.
 */
export async function readKeras2Weights(model: Model, root: Hdf5Group, order: RecordOrder): Promise<Contents> {
  const group = weightsGroup(root);
  if (group === undefined) throw new CudaGanError('CUDA_GAN_VALUE', 'the file has no weights of layers');
  const saved = listIn(group, 'layer_names')
    .map((name) => ({ name, found: findGroup(group, name) }))
    .map(({ name, found }) => ({ name, found, weights: found === undefined ? [] : listIn(found, 'weight_names') }))
    .filter(({ weights }) => weights.length > 0);
  const wanted = layersOf(model, order).filter((layer) => !(layer instanceof InputLayer) && layer.weights.length > 0);
  if (saved.length !== wanted.length) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `the model has ${wanted.length} layers with weights, and the file ${saved.length}`,
    );
  }
  const contents = new Map<Variable, Tensor>();
  for (const [i, layer] of wanted.entries()) {
    const { found, weights } = saved[i]!;
    for (const [weight, tensor] of await readLayer(root, model, layer, { group: found!, names: weights, order })) {
      contents.set(weight, tensor);
    }
  }
  if (findGroup(root, ownGroup) === undefined) {
    for (const layer of spectralNormalizations(model)) warnOfStretch(layer.name, layer, contents);
  }
  return contents;
}

async function readLayer(
  root: Hdf5Group,
  model: Model,
  layer: Layer,
  {
    group,
    names,
    order,
  }: { readonly group: Hdf5Group; readonly names: readonly string[]; readonly order: RecordOrder },
): Promise<readonly (readonly [Variable, Tensor])[]> {
  const name = model.nameOf(layer);
  const weights = legacyOrder(layer, order);
  if (weights.length !== names.length) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `layer "${name}" has ${weights.length} weights, and the file has ${names.length} (${names.join(', ')})`,
    );
  }
  return Promise.all(
    weights.map(async (weight, i) => {
      const own = findDataset(root, `${ownGroup}/${names[i]}`);
      const found = own ?? findDataset(group, names[i]!);
      return [weight, await contentFor(`weight "${names[i]}" of layer "${name}"`, found, weight)] as const;
    }),
  );
}

/** Number of updates, learning rate and moments, in the order of Keras 3; none where the file has no such state. */
export async function readKeras2Optimizer(root: Hdf5Group): Promise<readonly Tensor[]> {
  const group = findGroup(root, 'optimizer_weights');
  if (group === undefined) return [];
  const names = listIn(group, 'weight_names');
  const tensors = await Promise.all(
    names.map(async (name) => {
      const found = findDataset(group, name);
      if (found !== undefined) return found.read();
      throw new CudaGanError('CUDA_GAN_VALUE', `the file has no state "${name}" of the optimizer`);
    }),
  );
  return inOrderOfKeras3(names, tensors);
}

/** Optimizers before Keras 2.11 have no learning rate among their state, and first all of one kind, then all of the next. */
function inOrderOfKeras3(names: readonly string[], tensors: readonly Tensor[]): readonly Tensor[] {
  const kinds = names.slice(1).map((name) => name.match(/\/(m|v|vhat|rms|momentum|accumulator)(_\d+)?:0$/)?.[1]);
  if (kinds.length === 0 || kinds.includes(undefined)) return tensors;
  const [count, ...moments] = tensors;
  const of = (kind: string) => moments.filter((_, i) => kinds[i] === kind);
  const second = of('v');
  const inOrder = of('m').flatMap((tensor, i) => [tensor, second[i]!]);
  return [count!, ...inOrder, ...moments.filter((_, i) => kinds[i] !== 'm' && kinds[i] !== 'v')];
}
