// A tensor with one constant in every element.
import { finiteNumber } from '../checks.js';
import { type Graph, requireGraph } from '../program/graph.js';
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { float32, requireShape } from './shapes.js';

/** @internal */
export const fillOp: Op<{ shape: Shape; value: number }> = {
  name: 'fill',
  infer: (_, { shape, value }) => {
    finiteNumber('fill: value', value);
    return [float32(requireShape('fill', shape))];
  },
  constant: true,
};

/** `value` in every element of `shape`. The graph is `x.graph`, of a Value x that it is to be used with. */
export function fill(graph: Graph, shape: Shape, value: number): Value {
  return applyOne(fillOp, [], { shape, value }, requireGraph('fill', graph));
}
