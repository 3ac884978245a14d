// Uniform integers in [0, limit): (word · limit) >> 32. The same bits on every device.
import type { Graph } from '../program/graph.js';
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { nextRandom, type RandomAttributes } from './random.js';

/** @internal */
export const randomIntegersOp: Op<RandomAttributes & { shape: Shape; limit: number }> = {
  name: 'randomIntegers',
  infer: (_, { shape }) => [{ shape, dtype: 'int32' }],
};

export function randomIntegers(graph: Graph, shape: Shape, limit: number): Value {
  return applyOne(randomIntegersOp, [], { ...nextRandom(graph), shape, limit }, graph);
}
