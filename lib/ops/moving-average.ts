// Exponential moving average of a Variable: v ← momentum · v + (1 - momentum) · x.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { float32, requireSameShape } from './shapes.js';

/** @internal */
export const movingAverageOp: Op<{ momentum: number }> = {
  name: 'movingAverage',
  updates: 1,
  infer: ([variable, x]) => {
    requireSameShape('movingAverage', variable!, x!);
    return [float32(variable!.shape)];
  },
};

export function movingAverage(variable: Value, x: Value, momentum: number): Value {
  return applyOne(movingAverageOp, [variable, x], { momentum });
}
