// Gradient of the binary cross-entropy with respect to the logits: dz = dy · (σ(z) - t).

import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { sigmoid } from './activation.js';
import { multiply, subtract } from './binary.js';
import { differentiateParts } from './gradients.js';
import { float32, requireFloat32, requireSameShape } from './shapes.js';

/** Inputs dy, logits z, targets t, all of one shape. @internal */
export const binaryCrossentropyGradientOp: Op = {
  name: 'binaryCrossentropyGradient',
  infer: ([dy, logits, targets]) => {
    requireFloat32('binaryCrossentropyGradient', dy!, logits!, targets!);
    requireSameShape('binaryCrossentropyGradient', dy!, logits!);
    requireSameShape('binaryCrossentropyGradient', logits!, targets!);
    return [float32(logits!.shape)];
  },
  gradient: (node, outputGradients) =>
    differentiateParts(node, outputGradients, ([dy, logits, targets]) => [
      multiply(dy!, subtract(sigmoid(logits!), targets!)),
    ]),
};

export function binaryCrossentropyGradient(dy: Value, logits: Value, targets: Value): Value {
  return applyOne(binaryCrossentropyGradientOp, [dy, logits, targets], {});
}
