// The adjoint of resize2d: every element of dy is added, with its weights, to the elements that it was mixed of.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { requireImages, resizedShape } from './pool2d-geometry.js';
import { type Resize2dAttributes, resize2dAt } from './resize2d.js';
import { float32 } from './shapes.js';

/** @internal */
export const resize2dGradientOp: Op<Resize2dAttributes> = {
  name: 'resize2dGradient',
  infer: ([dy], { inputSize, outputSize }) => {
    requireImages('resize2dGradient', dy!, outputSize);
    return [float32(resizedShape(dy!, inputSize))];
  },
  gradient: ({ attributes }, [ddx]) => [resize2dAt(ddx!, attributes)],
};

/** dy [n, height, width, c] of the resized size. Result of the size before. */
export function resize2dGradient(dy: Value, attributes: Resize2dAttributes): Value {
  return applyOne(resize2dGradientOp, [dy], attributes);
}
