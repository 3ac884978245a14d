// Exponential moving average of a Variable: v ← momentum · v + (1 - momentum) · x.
import { numberIn } from '../checks.js';
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { float32, requireFloat32, requireSameShape } from './shapes.js';

/** @internal */
export const movingAverageOp: Op<{ momentum: number }> = {
  name: 'movingAverage',
  updates: 1,
  infer: ([variable, x], { momentum }) => {
    requireFloat32('movingAverage', variable!, x!);
    numberIn('movingAverage: momentum', momentum, 0, 1);
    requireSameShape('movingAverage', variable!, x!);
    return [float32(variable!.shape)];
  },
};

/**
 * Moves a weight, as `weight()` gives it, towards x of its shape: `momentum`, in [0, 1), is the share that stays.
 * Returns its new content.
 * @throws CudaGanError `CUDA_GAN_VALUE` for what is not the current content of a weight.
 */
export function movingAverage(variable: Value, x: Value, momentum: number): Value {
  return applyOne(movingAverageOp, [variable, x], { momentum });
}
