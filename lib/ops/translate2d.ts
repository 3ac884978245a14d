// Moves every image by whole places of its own: the translation of DiffAugment (Zhao et al., Differentiable Augmentation
// for Data-Efficient GAN Training, 2020).
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { formatShape } from '../tensor.js';
import { float32, requireDType, requireFloat32, requireRank, shapeError } from './shapes.js';

/** Whether images move by the offsets, or back by them: one is the gradient of the other. */
export type Translate2dAttributes = { back: boolean };

/** @internal */
export const translate2dOp: Op<Translate2dAttributes> = {
  name: 'translate2d',
  infer: ([x, offsets]) => {
    requireFloat32('translate2d', x!);
    requireDType('translate2d', offsets!, 'int32');
    requireRank('translate2d', x!, 4);
    const { shape } = offsets!;
    if (shape.length !== 2 || shape[0] !== x!.shape[0] || shape[1] !== 2) {
      throw shapeError(
        `translate2d needs offsets [${x!.shape[0]}, 2] for images ${formatShape(x!.shape)}, found ${formatShape(shape)}`,
      );
    }
    return [float32(x!.shape)];
  },
  gradient: ({ inputs: [, offsets], attributes: { back } }, [dy]) => [
    applyOne(translate2dOp, [dy!, offsets!], { back: !back }),
    undefined,
  ],
};

/**
 * Images x [b, h, w, c], each moved down and to the right by its own row of `offsets`, int32 [b, 2] of (rows, columns),
 * of any size and sign: y[n, i, j] = x[n, i - rows, j - columns], and 0 where that lies outside. Nothing is rotated in.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for other shapes.
 */
export function translate2d(x: Value, offsets: Value): Value {
  return applyOne(translate2dOp, [x, offsets], { back: false });
}
