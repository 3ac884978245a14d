// Uniform numbers in [low, high): low + (high - low) · (word >> 8) · 2⁻²⁴.
import type { Graph } from '../program/graph.js';
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { nextRandom, type RandomAttributes } from './random.js';
import { float32 } from './shapes.js';

/** @internal */
export const randomUniformOp: Op<RandomAttributes & { shape: Shape; low: number; high: number }> = {
  name: 'randomUniform',
  infer: (_, { shape }) => [float32(shape)],
};

export function randomUniform(graph: Graph, shape: Shape, low = 0, high = 1): Value {
  return applyOne(randomUniformOp, [], { ...nextRandom(graph), shape, low, high }, graph);
}
