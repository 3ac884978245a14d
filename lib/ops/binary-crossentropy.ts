// Binary cross-entropy from logits z and targets t, element by element: softplus(z) - t·z, written so that it cannot
// overflow: max(z, 0) - t·z + ln(1 + e^-|z|).
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { negate } from './affine.js';
import { multiply } from './binary.js';
import { binaryCrossentropyGradient } from './binary-crossentropy-gradient.js';
import { float32, requireFloat32, requireSameShape } from './shapes.js';

/** @internal */
export const binaryCrossentropyOp: Op = {
  name: 'binaryCrossentropy',
  infer: ([logits, targets]) => {
    requireFloat32('binaryCrossentropy', logits!, targets!);
    requireSameShape('binaryCrossentropy', logits!, targets!);
    return [float32(logits!.shape)];
  },
  gradient: ({ inputs: [logits, targets] }, [dy]) => [
    binaryCrossentropyGradient(dy!, logits!, targets!),
    negate(multiply(dy!, logits!)),
  ],
};

/** Loss of every element, of the logits' shape. */
export function binaryCrossentropy(logits: Value, targets: Value): Value {
  return applyOne(binaryCrossentropyOp, [logits, targets], {});
}
