// Uniform integers in [0, limit): (word · limit) >> 32. The same bits on every device.
import { wholeNumberIn } from '../checks.js';
import type { Graph } from '../program/graph.js';
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { nextRandom, type RandomAttributes } from './random.js';
import { requireShape } from './shapes.js';

/** @internal */
export const randomIntegersOp: Op<RandomAttributes & { shape: Shape; limit: number }> = {
  name: 'randomIntegers',
  infer: (_, { shape, limit }) => {
    wholeNumberIn('randomIntegers: limit', limit, 1, 2 ** 31);
    return [{ shape: requireShape('randomIntegers', shape), dtype: 'int32' }];
  },
};

/** Uniform int32 numbers in [0, limit) of `shape`, others at every step, from the seed of the graph. */
export function randomIntegers(graph: Graph, shape: Shape, limit: number): Value {
  return applyOne(randomIntegersOp, [], { ...nextRandom('randomIntegers', graph), shape, limit }, graph);
}
