// Uniform integers in [low, limit): low + (word · (limit - low)) >> 32. The same bits on every device.
import { wholeNumberIn } from '../checks.js';
import { checkOptions } from '../options.js';
import type { Graph } from '../program/graph.js';
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { nextRandom, type RandomAttributes } from './random.js';
import { requireShape } from './shapes.js';

/** What `randomIntegers` takes. */
export interface RandomIntegersOptions {
  /** The smallest number; below `limit`, by at most 2³¹. Default 0. */
  readonly low?: number | undefined;
}

export type RandomIntegersAttributes = RandomAttributes & { shape: Shape; low: number; limit: number };

/** @internal */
export const randomIntegersOp: Op<RandomIntegersAttributes> = {
  name: 'randomIntegers',
  infer: (_, { shape, low, limit }) => {
    wholeNumberIn('randomIntegers: low', low, -(2 ** 31), 2 ** 31 - 1);
    wholeNumberIn('randomIntegers: limit', limit, low + 1, Math.min(low, 0) + 2 ** 31);
    return [{ shape: requireShape('randomIntegers', shape), dtype: 'int32' }];
  },
};

/** Uniform int32 numbers in [low, limit) of `shape`, others at every step, from the seed of the graph. */
export function randomIntegers(graph: Graph, shape: Shape, limit: number, options: RandomIntegersOptions = {}): Value {
  const { low = 0 } = checkOptions('randomIntegers', options, { low: true });
  return applyOne(randomIntegersOp, [], { ...nextRandom('randomIntegers', graph), shape, low, limit }, graph);
}
