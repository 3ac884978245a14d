// Where the weights of a model lie in Keras' files.

import { InputLayer } from '../../layers/input.js';
import type { Layer } from '../../layers/layer.js';
import { SpectralNormalization } from '../../layers/spectral-normalization.js';
import { Functional } from '../../models/functional.js';
import { Model } from '../../models/model.js';
import type { Variable } from '../../program/variable.js';
import { ownValue, snakeCaseOfClass } from './keras-object.js';
import { layersInKerasOrder, type RecordOrder } from './layer-order.js';
import { kerasLayers } from './layer-table.js';

/** The layers of a model in the order in which Keras has them. */
export function layersOf(model: Model, order: RecordOrder): readonly Layer[] {
  return model instanceof Functional ? layersInKerasOrder(model, order) : model.layers;
}

/** A group of a Keras 3 file with the weights of one layer, `vars/0`, `vars/1` and so on. */
export interface WeightGroup {
  /** Of the layer, without `/vars`: `layers/dense_1`; empty for the model as a whole. */
  readonly path: string;
  /** Of the layer. */
  readonly name: string;
  readonly weights: readonly Variable[];
}

/** All groups of a file: a layer in several places has one, where it is met first. */
export function weightGroups(model: Model, order: RecordOrder): readonly WeightGroup[] {
  const groups: WeightGroup[] = [];
  const visited = new Set<Layer>();
  const visit = (layer: Layer, path: string, name: string): void => {
    if (visited.has(layer)) return;
    visited.add(layer);
    groups.push({ path, name, weights: ownWeights(layer) });
    if (layer instanceof SpectralNormalization) visit(layer.layer, `${path}/layer`, layer.layer.name);
    if (!(layer instanceof Model)) return;
    const taken = new Map<string, number>();
    for (const part of layersOf(layer, order)) {
      const base = snakeCaseOfClass(kerasClassName(part));
      const number = taken.get(base) ?? 0;
      taken.set(base, number + 1);
      const label = number === 0 ? base : `${base}_${number}`;
      visit(part, `${path === '' ? '' : `${path}/`}layers/${label}`, layer.nameOf(part));
    }
  };
  visit(model, '', model.name);
  return groups;
}

/** What Keras counts as the layer's own: of a model nothing, of spectral normalisation the kernel that it normalises, too. */
function ownWeights(layer: Layer): readonly Variable[] {
  if (layer instanceof Model) return [];
  if (layer instanceof SpectralNormalization) return [layer.kernel, layer.vector];
  return layer.weights;
}

function kerasClassName({ className }: Layer): string {
  return ownValue(kerasLayers, className)?.className ?? className;
}

/** All weights of a layer or model in Keras' order. */
export function weightsInOrder(layer: Layer, order: RecordOrder): readonly Variable[] {
  if (layer instanceof InputLayer) return [];
  if (layer instanceof Model) {
    return [...new Set(layersOf(layer, order).flatMap((part) => weightsInOrder(part, order)))];
  }
  if (layer instanceof SpectralNormalization) {
    return [...new Set([layer.kernel, layer.vector, ...layer.layer.weights])];
  }
  return layer.weights;
}

/** Those that an optimizer moves. */
export function trainableInOrder(layer: Layer, order: RecordOrder): readonly Variable[] {
  const trainable = new Set(layer.trainableWeights);
  return weightsInOrder(layer, order).filter((weight) => trainable.has(weight));
}

/** As files of Keras 1 and 2 have them: those that train first. */
export function legacyOrder(layer: Layer, order: RecordOrder): readonly Variable[] {
  const trainable = trainableInOrder(layer, order);
  return [...trainable, ...weightsInOrder(layer, order).filter((weight) => !trainable.includes(weight))];
}
