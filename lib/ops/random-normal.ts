// Normal numbers by Box and Muller (1958): words (a, b) of a Philox block give √(-2 ln u) · cos 2πv and √(-2 ln u) · sin 2πv
// with u = ((a >> 8) + 1) · 2⁻²⁴ and v = (b >> 8) · 2⁻²⁴; elements 0, 1 of a block come from words 0, 1 and 2, 3 from 2, 3.
import { finiteNumber, nonNegativeNumber } from '../checks.js';
import type { Graph } from '../program/graph.js';
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { nextRandom, type RandomAttributes } from './random.js';
import { float32, requireShape } from './shapes.js';

/** @internal */
export const randomNormalOp: Op<RandomAttributes & { shape: Shape; mean: number; deviation: number }> = {
  name: 'randomNormal',
  infer: (_, { shape, mean, deviation }) => {
    finiteNumber('randomNormal: mean', mean);
    nonNegativeNumber('randomNormal: deviation', deviation);
    return [float32(requireShape('randomNormal', shape))];
  },
};

/** Normal numbers of `shape`, others at every step, from the seed of the graph: `x.graph` of a Value x. */
export function randomNormal(graph: Graph, shape: Shape, mean = 0, deviation = 1): Value {
  return applyOne(randomNormalOp, [], { ...nextRandom('randomNormal', graph), shape, mean, deviation }, graph);
}
