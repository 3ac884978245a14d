// Turns axes round: y[.., i, ..] = x[.., length - 1 - i, ..]. Along the third axis of images it is a mirror image.
import { applyOne, type Op, requireInputs } from '../program/op.js';
import type { Value } from '../program/value.js';
import { float32, normalizeAxes, requireFloat32 } from './shapes.js';

/** @internal */
export const reverseOp: Op<{ axes: readonly number[] }> = {
  name: 'reverse',
  infer: ([x]) => {
    requireFloat32('reverse', x!);
    return [float32(x!.shape)];
  },
  gradient: ({ attributes: { axes } }, [dy]) => [reverse(dy!, axes)],
};

/**
 * x from its last element to its first along `axes`, or along one axis (default: all). Negative axes count from the end.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for axes that x does not have.
 */
export function reverse(x: Value, axes?: number | readonly number[]): Value {
  requireInputs('reverse', [x]);
  const given = typeof axes === 'number' ? [axes] : (axes ?? [...x.shape.keys()]);
  return applyOne(reverseOp, [x], { axes: normalizeAxes('reverse', given, x.shape.length) });
}
