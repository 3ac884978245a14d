// The gradient of conv2d with respect to x: every place of dy is spread over its window. It is also what a transposed
// convolution does.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { conv2dAt } from './conv2d.js';
import { type Conv2dGeometry, requireConv2dFit } from './conv2d-geometry.js';
import { conv2dKernelGradient } from './conv2d-kernel-gradient.js';
import { float32 } from './shapes.js';

/** @internal */
export const conv2dInputGradientOp: Op<Conv2dGeometry> = {
  name: 'conv2dInputGradient',
  // Only there can the inputs be a mistake of a user's.
  callName: () => 'conv2dTranspose',
  infer: ([dy, kernel], geometry) => {
    requireConv2dFit('conv2dTranspose', geometry, { y: dy!, kernel: kernel! });
    return [float32([dy!.shape[0]!, ...geometry.inputSize, kernel!.shape[2]! * geometry.groups])];
  },
  gradient: ({ inputs: [dy, kernel], attributes }, [ddx]) => [
    conv2dAt(ddx!, kernel!, attributes),
    conv2dKernelGradient(ddx!, dy!, attributes),
  ],
};

/** dy [n, height, width, out] and the kernel [height, width, in / groups, out] of the convolution. Result of x's shape. */
export function conv2dInputGradient(dy: Value, kernel: Value, geometry: Conv2dGeometry): Value {
  return applyOne(conv2dInputGradientOp, [dy, kernel], geometry);
}
