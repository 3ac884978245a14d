// Normalisation by given statistics, and by those of a sample.
import * as layers from '../../../../layers/index.js';
import { channelsFirstOf, plain } from '../../layouts.js';
import { asPlain, type Importer } from '../importer.js';
import type { ImportedNode } from '../node.js';
import type { Computed, Imported } from '../values.js';

/** Over the second axis of the file, which becomes the last. */
export function batchNormalization(importer: Importer, node: ImportedNode): Imported {
  node.requireInt('training_mode', 0);
  node.requireInt('spatial', 1);
  const momentum = node.float('momentum', 0.9);
  const epsilon = node.float('epsilon', 1e-5);
  const x = importer.computedOrRows(node, 0);
  const { gamma, beta } = scaleAndOffset(importer, node);
  const [mean, variance] = [3, 4].map((i) => importer.floats(node, i).data);
  const layer = layers.batchNormalization({
    ...importer.named(node),
    epsilon,
    momentum: Math.min(momentum, 0.999_999),
    scale: gamma !== undefined,
    center: beta !== undefined,
  });
  const weights = {
    ...(gamma && { gamma }),
    ...(beta && { beta }),
    moving_mean: mean!,
    moving_variance: variance!,
  };
  if (x.kind === 'rows') {
    if (x.rank !== 2) throw node.refuse(`input 1 has ${x.rank} dimensions, places of samples first; allowed are 2`);
    return { ...x, tensor: importer.apply(layer, [x.tensor], weights) };
  }
  const order = channelsLast(x);
  return { kind: 'computed', order, tensor: importer.apply(layer, [importer.inOrder(x, order)], weights) };
}

/** Over the last axis. */
export function layerNormalization(importer: Importer, node: ImportedNode): Imported {
  node.ignore('stash_type');
  const x = importer.computed(node, 0);
  const axis = node.int('axis', -1);
  if (axis !== -1 && axis !== x.order.length - 1) throw node.refuse(`axis is ${axis}; allowed is the last, -1`);
  const { gamma, beta } = scaleAndOffset(importer, node);
  const layer = layers.layerNormalization({
    ...importer.named(node),
    epsilon: node.float('epsilon', 1e-5),
    scale: gamma !== undefined,
    center: beta !== undefined,
  });
  const weights = { ...(gamma && { gamma }), ...(beta && { beta }) };
  return asPlain(importer.apply(layer, [importer.plain(x)], weights));
}

/** Those that a layer has as weights: constants of ones and of zeros, which change nothing, are none. */
function scaleAndOffset(importer: Importer, node: ImportedNode) {
  const weightUnless = (i: number, neutral: number) => {
    const { data } = importer.floats(node, i);
    const isWeight = importer.constant(node, i).isWeight || data.some((value) => value !== neutral);
    return isWeight ? data : undefined;
  };
  return { gamma: weightUnless(1, 1), beta: node.has(2) ? weightUnless(2, 0) : undefined };
}

/** Every channel of a sample by itself. */
export function instanceNormalization(importer: Importer, node: ImportedNode): Imported {
  const x = importer.computed(node, 0);
  const order = channelsLast(x);
  const layer = layers.groupNormalization({
    ...importer.named(node),
    groups: -1,
    epsilon: node.float('epsilon', 1e-5),
  });
  const weights = { gamma: importer.floats(node, 1).data, beta: importer.floats(node, 2).data };
  return { kind: 'computed', order, tensor: importer.apply(layer, [importer.inOrder(x, order)], weights) };
}

/** The order in which the second axis of the file is the last of the tensor. */
function channelsLast({ order }: Computed): readonly number[] {
  const rank = order.length;
  return rank <= 2 ? plain(rank) : channelsFirstOf(rank);
}
