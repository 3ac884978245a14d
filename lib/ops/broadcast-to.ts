// Repeats a tensor along dimensions of length 1 (and new leading ones) to reach a shape.
import { applyOne, type Op, requireInputs } from '../program/op.js';
import type { Value } from '../program/value.js';
import { formatShape, type Shape, sameShape } from '../tensor.js';
import { broadcastShapes, float32, requireFloat32, requireShape, shapeError } from './shapes.js';
import { sumTo } from './sum-to.js';

/** @internal */
export const broadcastToOp: Op<{ shape: Shape }> = {
  name: 'broadcastTo',
  infer: ([x], { shape }) => {
    requireFloat32('broadcastTo', x!);
    requireShape('broadcastTo', shape);
    if (!sameShape(broadcastShapes('broadcastTo', x!.shape, shape), shape)) {
      throw shapeError(`broadcastTo cannot stretch ${formatShape(x!.shape)} to ${formatShape(shape)}`);
    }
    return [float32(shape)];
  },
  gradient: ({ inputs: [x] }, [dy]) => [sumTo(dy!, x!.shape)],
  fold: (value) => value,
};

/** `x` at `shape`, by NumPy's rule. @throws CudaGanError `CUDA_GAN_SHAPE` when x does not stretch to it. */
export function broadcastTo(x: Value, shape: Shape): Value {
  requireInputs('broadcastTo', [x]);
  return sameShape(x.shape, requireShape('broadcastTo', shape)) ? x : applyOne(broadcastToOp, [x], { shape });
}
