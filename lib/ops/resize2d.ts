// Images at another size. Place o of the result lies at (o + ½) · input / output - ½ of x (half-pixel centres). `nearest`
// takes ⌊(o + ½) · input / output⌋; `bilinear` mixes the two neighbours along each axis, those outside being the edge's.
import { oneOf } from '../checks.js';
import { applyOne, type Op, requireInputs } from '../program/op.js';
import type { Value } from '../program/value.js';
import { requireImages, resizedShape } from './pool2d-geometry.js';
import { resize2dGradient } from './resize2d-gradient.js';
import { float32, requireRank, shapeError } from './shapes.js';
import { type Pair, pairOf } from './window.js';

export const interpolations = ['nearest', 'bilinear'] as const;
/** How pixels between pixels are found. @useDeclaredType */
export type Interpolation = (typeof interpolations)[number];

export type Resize2dAttributes = { inputSize: Pair; outputSize: Pair; interpolation: Interpolation };

/** @internal */
export const resize2dOp: Op<Resize2dAttributes> = {
  name: 'resize2d',
  infer: ([x], { inputSize, outputSize }) => {
    requireImages('resize2d', x!, inputSize);
    return [float32(resizedShape(x!, outputSize))];
  },
  gradient: ({ attributes }, [dy]) => [resize2dGradient(dy!, attributes)],
};

/**
 * Holds images to sizes between which the devices can resize: places are reckoned in 32 bits, as parts of twice the one size times the
 * other.
 * @throws CudaGanError `CUDA_GAN_SHAPE`
 */
export function requireResizable(op: string, inputSize: Pair, outputSize: Pair): void {
  for (const axis of [0, 1] as const) {
    const [input, output] = [inputSize[axis], outputSize[axis]];
    if (Math.max((2 * input + 3) * output, (2 * output + 1) * input) < 2 ** 31) continue;
    throw shapeError(
      `${op}: ${input} ${axis === 0 ? 'rows' : 'columns'} are too many to be resized to ${output}; allowed are such of which twice the product, and a few of them, is below 2147483648`,
    );
  }
}

/**
 * x [n, height, width, c] at `size`, as Keras' UpSampling2D interpolates.
 * @throws CudaGanError `CUDA_GAN_SHAPE` where twice the product of the sizes along an axis, and a few of them, is not below 2³¹.
 */
export function resize2d(x: Value, size: Pair, interpolation: Interpolation = 'nearest'): Value {
  requireInputs('resize2d', [x]);
  requireRank('resize2d', x, 4);
  const inputSize: Pair = [x.shape[1]!, x.shape[2]!];
  const outputSize = pairOf('resize2d: size', size);
  requireResizable('resize2d', inputSize, outputSize);
  return resize2dAt(x, {
    inputSize,
    outputSize,
    interpolation: oneOf('interpolation', interpolations, interpolation),
  });
}

/** The same where the sizes are known. @internal */
export function resize2dAt(x: Value, attributes: Resize2dAttributes): Value {
  return applyOne(resize2dOp, [x], attributes);
}
