// A tensor with one constant in every element.
import type { Graph } from '../program/graph.js';
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { float32 } from './shapes.js';

/** @internal */
export const fillOp: Op<{ shape: Shape; value: number }> = {
  name: 'fill',
  infer: (_, { shape }) => [float32(shape)],
  constant: true,
};

export function fill(graph: Graph, shape: Shape, value: number): Value {
  return applyOne(fillOp, [], { shape, value }, graph);
}
