// A box cut out of a tensor: size[i] elements from begin[i] on, in every dimension.
import { wholeNumbers } from '../checks.js';
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { formatShape, type Shape } from '../tensor.js';
import { pad } from './pad.js';
import { float32, requireFloat32, shapeError } from './shapes.js';

/** @internal */
export const sliceOp: Op<{ begin: readonly number[]; size: Shape }> = {
  name: 'slice',
  infer: ([x], { begin, size }) => {
    requireFloat32('slice', x!);
    wholeNumbers('slice: begin', begin, 0);
    wholeNumbers('slice: size', size, 0);
    const { shape } = x!;
    const fits = shape.every((dimension, i) => begin[i]! + size[i]! <= dimension);
    if (begin.length !== shape.length || size.length !== shape.length || !fits) {
      throw shapeError(`slice of ${formatShape(size)} at ${formatShape(begin)} does not fit in ${formatShape(shape)}`);
    }
    return [float32(size)];
  },
  gradient: ({ inputs: [x], attributes: { begin, size } }, [dy]) => {
    const after = x!.shape.map((dimension, i) => dimension - begin[i]! - size[i]!);
    return [pad(dy!, begin, after)];
  },
};

/** `size[i]` elements from `begin[i]` on, in every dimension of x. @throws CudaGanError `CUDA_GAN_SHAPE` beyond x. */
export function slice(x: Value, begin: readonly number[], size: Shape): Value {
  return applyOne(sliceOp, [x], { begin, size });
}
