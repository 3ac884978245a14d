// Uniform numbers in [low, high): low + (high - low) · (word >> 8) · 2⁻²⁴.
import { finiteNumber, notAllowed } from '../checks.js';
import type { Graph } from '../program/graph.js';
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { nextRandom, type RandomAttributes } from './random.js';
import { float32, requireShape } from './shapes.js';

/** @internal */
export const randomUniformOp: Op<RandomAttributes & { shape: Shape; low: number; high: number }> = {
  name: 'randomUniform',
  infer: (_, { shape, low, high }) => {
    finiteNumber('randomUniform: low', low);
    finiteNumber('randomUniform: high', high);
    if (high < low) throw notAllowed('randomUniform: high', high, `numbers from low on, ${low}`);
    return [float32(requireShape('randomUniform', shape))];
  },
};

/** Uniform numbers in [low, high) of `shape`, others at every step, from the seed of the graph. */
export function randomUniform(graph: Graph, shape: Shape, low = 0, high = 1): Value {
  return applyOne(randomUniformOp, [], { ...nextRandom('randomUniform', graph), shape, low, high }, graph);
}
