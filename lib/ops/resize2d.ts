// Images at another size. Place o of the result lies at (o + ½) · input / output - ½ of x (half-pixel centres). `nearest`
// takes ⌊(o + ½) · input / output⌋; `bilinear` mixes the two neighbours along each axis, those outside being the edge's.
import { oneOf } from '../checks.js';
import { applyOne, type Op, requireInputs } from '../program/op.js';
import type { Value } from '../program/value.js';
import { requireImages, resizedShape } from './pool2d-geometry.js';
import { resize2dGradient } from './resize2d-gradient.js';
import { float32, requireRank } from './shapes.js';
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

/** x [n, height, width, c] at `size`, as Keras' UpSampling2D interpolates. */
export function resize2d(x: Value, size: Pair, interpolation: Interpolation = 'nearest'): Value {
  requireInputs('resize2d', [x]);
  requireRank('resize2d', x, 4);
  return resize2dAt(x, {
    inputSize: [x.shape[1]!, x.shape[2]!],
    outputSize: pairOf('resize2d: size', size),
    interpolation: oneOf('interpolation', interpolations, interpolation),
  });
}

/** The same where the sizes are known. @internal */
export function resize2dAt(x: Value, attributes: Resize2dAttributes): Value {
  return applyOne(resize2dOp, [x], attributes);
}
