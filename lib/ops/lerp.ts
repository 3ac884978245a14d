// Linear interpolation of a Variable, by a share that is computed: v ← v + weight · (x - v).
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { float32, requireFloat32, requireRank, requireSameShape } from './shapes.js';

/** Inputs v, x of its shape, and weight []. @internal */
export const lerpOp: Op = {
  name: 'lerp',
  updates: 1,
  infer: ([variable, x, weight]) => {
    requireFloat32('lerp', variable!, x!, weight!);
    requireSameShape('lerp', variable!, x!);
    requireRank('lerp: weight', weight!, 0);
    return [float32(variable!.shape)];
  },
};

/**
 * Moves a weight, as `weight()` gives it, towards x of its shape by the share `weight`, a scalar: 0 leaves it, 1 makes
 * it x, both to the bit. Returns its new content. As PyTorch's `lerp_`. `movingAverage` is for a share that is the same
 * at every step.
 * @throws CudaGanError `CUDA_GAN_VALUE` for what is not the current content of a weight, `CUDA_GAN_SHAPE` for other shapes.
 */
export function lerp(variable: Value, x: Value, weight: Value): Value {
  return applyOne(lerpOp, [variable, x, weight], {});
}
