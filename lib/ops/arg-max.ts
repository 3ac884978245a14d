// Index of the largest element along the last axis, as float32; the first one wins a tie.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { float32, requireFloat32, shapeError } from './shapes.js';

/** @internal */
export const argMaxOp: Op = {
  name: 'argMax',
  infer: ([x]) => {
    requireFloat32('argMax', x!);
    if (x!.shape.length === 0) throw shapeError('argMax needs at least 1 dimension, found []');
    return [float32(x!.shape.slice(0, -1))];
  },
  gradient: () => [undefined],
};

/**
 * The place of the largest element along the last axis, as float32, of the shape without that axis; of equal ones the first.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for a scalar.
 */
export function argMax(x: Value): Value {
  return applyOne(argMaxOp, [x], {});
}
