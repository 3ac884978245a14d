// Repeats a tensor along dimensions of length 1 (and new leading ones) to reach a shape.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { formatShape, type Shape, sameShape } from '../tensor.js';
import { broadcastShapes, float32, shapeError } from './shapes.js';
import { sumTo } from './sum-to.js';

/** @internal */
export const broadcastToOp: Op<{ shape: Shape }> = {
  name: 'broadcastTo',
  infer: ([x], { shape }) => {
    if (!sameShape(broadcastShapes('broadcastTo', x!.shape, shape), shape)) {
      throw shapeError(`broadcastTo cannot stretch ${formatShape(x!.shape)} to ${formatShape(shape)}`);
    }
    return [float32(shape)];
  },
  gradient: ({ inputs: [x] }, [dy]) => [sumTo(dy!, x!.shape)],
  fold: (value) => value,
};

export function broadcastTo(x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : applyOne(broadcastToOp, [x], { shape });
}
