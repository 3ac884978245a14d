// The gradient of conv2d with respect to its kernel: sums over all places of products of x and dy.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { conv2dAt } from './conv2d.js';
import { type Conv2dGeometry, requireConv2dFit } from './conv2d-geometry.js';
import { conv2dInputGradient } from './conv2d-input-gradient.js';
import { float32 } from './shapes.js';

/** @internal */
export const conv2dKernelGradientOp: Op<Conv2dGeometry> = {
  name: 'conv2dKernelGradient',
  infer: ([x, dy], geometry) => {
    requireConv2dFit('conv2dKernelGradient', geometry, { x: x!, y: dy! });
    return [float32([...geometry.kernelSize, x!.shape[3]! / geometry.groups, dy!.shape[3]!])];
  },
  gradient: ({ inputs: [x, dy], attributes }, [ddkernel]) => [
    conv2dInputGradient(dy!, ddkernel!, attributes),
    conv2dAt(x!, ddkernel!, attributes),
  ],
};

/** x [n, height, width, in] and dy [n, height, width, out]. Result [height, width, in / groups, out]. */
export function conv2dKernelGradient(x: Value, dy: Value, geometry: Conv2dGeometry): Value {
  return applyOne(conv2dKernelGradientOp, [x, dy], geometry);
}
