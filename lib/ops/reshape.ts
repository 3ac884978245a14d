// The same elements under another shape. An alias: no memory moves.
import { applyOne, type Op, requireInputs } from '../program/op.js';
import type { Value } from '../program/value.js';
import { formatShape, type Shape, sameShape, sizeOf } from '../tensor.js';
import { requireShape, shapeError } from './shapes.js';

/** @internal */
export const reshapeOp: Op<{ shape: Shape }> = {
  name: 'reshape',
  alias: true,
  infer: ([x], { shape }) => {
    if (sizeOf(x!.shape) !== sizeOf(shape)) {
      throw shapeError(
        `cannot reshape ${formatShape(x!.shape)} (${sizeOf(x!.shape)} elements) to ${formatShape(shape)} (${sizeOf(shape)})`,
      );
    }
    return [{ shape, dtype: x!.dtype }];
  },
  gradient: ({ inputs: [x] }, [dy]) => [reshape(dy!, x!.shape)],
  fold: (value) => value,
};

/** `x` at a `shape` of as many elements. */
export function reshape(x: Value, shape: Shape): Value {
  requireInputs('reshape', [x]);
  return sameShape(x.shape, requireShape('reshape', shape)) ? x : applyOne(reshapeOp, [x], { shape });
}
