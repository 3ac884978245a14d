// By which names TensorFlow.js knows the weights of a model: the layer's, and what the weight is of it.
import { CudaGanError } from '../../errors.js';
import type { Layer } from '../../layers/layer.js';
import { Model } from '../../models/model.js';
import type { NamedVariables } from '../../models/weights.js';
import type { Variable } from '../../program/variable.js';
import { ownValue } from '../keras/keras-object.js';
import { layersOf, weightGroups } from '../keras/weight-places.js';
import { tfjsLayers } from './layer-table.js';

/** The weights of a layer that is no model: `kernel`, `bias`. */
export function layerWeights(layer: Layer): NamedVariables {
  const entry = ownValue(tfjsLayers, layer.className);
  const names = entry === undefined || entry === 'missing' ? {} : (entry.weights ?? {});
  return layer.namedWeights.map(([name, variable]) => [ownValue(names, name) ?? name, variable] as const);
}

/** A layer that is no model, by its name. */
export type NamedLayer = readonly [name: string, weights: NamedVariables];

/** Layers with weights of a model and of those within, in the order in which Keras has them. */
export function layersWithWeights(model: Model): readonly NamedLayer[] {
  return layersOf(model, 'given').flatMap((layer) => {
    if (layer instanceof Model) return layersWithWeights(layer);
    const weights = layerWeights(layer);
    return weights.length === 0 ? [] : [[model.nameOf(layer), weights] as const];
  });
}

/**
 * The name that a file has for each weight.
 * @param inOrder whether the file has the layers in Keras' order: then they may be called otherwise.
 * @throws CudaGanError `CUDA_GAN_VALUE` when it has other weights than the model.
 */
export function namesInFile(model: Model, names: readonly string[], inOrder: boolean): ReadonlyMap<Variable, string> {
  const layers = layersWithWeights(model);
  const byName = byOwnNames(layers, names);
  const known = new Set(byName.found.values());
  if (byName.missing === undefined && known.size === names.length && known.size === byName.found.size) {
    return byName.found;
  }
  const other = byKeras3Paths(model, names) ?? (inOrder ? byPlaces(layers, names) : undefined);
  if (other !== undefined) return other;
  if (byName.missing !== undefined) {
    throw new CudaGanError('CUDA_GAN_VALUE', `the file has no weight "${byName.missing}" that the model wants`);
  }
  const unknown = names.find((name) => !known.has(name));
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    unknown === undefined
      ? 'the model has layers that are called alike, and the file has no order of layers'
      : `the file has a weight "${unknown}" that the model does not`,
  );
}

function byOwnNames(
  layers: readonly NamedLayer[],
  names: readonly string[],
): { readonly found: ReadonlyMap<Variable, string>; readonly missing: string | undefined } {
  const places = new Map<string, string>();
  for (const name of names) for (const alias of aliases(name)) if (!places.has(alias)) places.set(alias, name);
  for (const name of names) places.set(name, name);
  const found = new Map<Variable, string>();
  let missing: string | undefined;
  for (const [layer, weights] of layers) {
    for (const [i, [weight, variable]] of weights.entries()) {
      // Files that were made of Keras 3's have numbers.
      const name = places.get(`${layer}/${weight}`) ?? places.get(`${layer}/${i}`);
      if (name === undefined) missing ??= `${layer}/${weight}`;
      else found.set(variable, name);
    }
  }
  return { found, missing };
}

/** Names without what models around the layer, and cells within it, have added. */
function aliases(name: string): readonly string[] {
  const parts = name.split('/');
  return parts.length < 3 ? [] : [parts.slice(-2).join('/'), [...parts.slice(0, -2), parts.at(-1)].join('/')];
}

/** As the converter makes them of files of Keras 3, with what those have of the optimizer; undefined where one is missing. */
function byKeras3Paths(model: Model, names: readonly string[]): ReadonlyMap<Variable, string> | undefined {
  const given = new Set(names.filter((name) => !name.startsWith('optimizer/')));
  const found = weightGroups(model, 'sorted').flatMap(({ path, weights }) =>
    weights.map((variable, i) => [variable, `${path}/vars/${i}`] as const),
  );
  return found.length === given.size && found.every(([, name]) => given.has(name)) ? new Map(found) : undefined;
}

/** Layer by layer in the order of the file; undefined where layers or their weights are not as many, or called otherwise. */
function byPlaces(layers: readonly NamedLayer[], names: readonly string[]): ReadonlyMap<Variable, string> | undefined {
  const saved = new Map<string, Map<string, string>>();
  for (const name of names) {
    const end = name.lastIndexOf('/');
    const layer = name.slice(0, Math.max(end, 0));
    const weights = saved.get(layer) ?? new Map<string, string>();
    saved.set(layer, weights.set(name.slice(end + 1), name));
  }
  if (saved.size !== layers.length) return undefined;
  const inOrder = [...saved.values()];
  const found = new Map<Variable, string>();
  for (const [i, [, weights]] of layers.entries()) {
    if (inOrder[i]!.size !== weights.length) return undefined;
    for (const [weight, variable] of weights) {
      const name = inOrder[i]!.get(weight.slice(weight.lastIndexOf('/') + 1));
      if (name === undefined) return undefined;
      found.set(variable, name);
    }
  }
  return found;
}
