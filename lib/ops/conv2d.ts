// Convolution (cross-correlation, as in all networks) of images: y[n, o] = Σ x[n, o · stride - padding + i · dilation] ·
// kernel[i], over the places i of the kernel and the channels of the group.
import { checkOptions } from '../options.js';
import { applyOne, type Op, requireInputs } from '../program/op.js';
import type { Value } from '../program/value.js';
import { formatShape } from '../tensor.js';
import {
  type Conv2dGeometry,
  type Conv2dOptions,
  type Conv2dTransposeOptions,
  conv2dGeometry,
  conv2dOptionNames,
  conv2dTransposeGeometry,
  requireConv2dFit,
} from './conv2d-geometry.js';
import { conv2dInputGradient } from './conv2d-input-gradient.js';
import { conv2dKernelGradient } from './conv2d-kernel-gradient.js';
import { float32, requireRank, shapeError } from './shapes.js';
import type { Pair, WindowWords } from './window.js';

/** @internal */
export const conv2dOp: Op<Conv2dGeometry> = {
  name: 'conv2d',
  infer: ([x, kernel], geometry) => {
    requireConv2dFit('conv2d', geometry, { x: x!, kernel: kernel! });
    return [float32([x!.shape[0]!, ...geometry.outputSize, kernel!.shape[3]!])];
  },
  gradient: ({ inputs: [x, kernel], attributes }, [dy]) => [
    conv2dInputGradient(dy!, kernel!, attributes),
    conv2dKernelGradient(x!, dy!, attributes),
  ],
};

const opWords: WindowWords = { prefix: 'conv2d: ', size: 'kernel', dilation: 'dilations', axes: ['rows', 'columns'] };

/** x [n, height, width, in] with kernel [height, width, in / groups, out]. Result [n, height, width, out]. */
export function conv2d(x: Value, kernel: Value, options?: Conv2dOptions): Value {
  requireInputs('conv2d', [x, kernel]);
  requireRank('conv2d', x, 4);
  requireRank('conv2d', kernel, 4);
  const known = checkOptions('conv2d', options, conv2dOptionNames);
  return conv2dAt(x, kernel, conv2dGeometry(sizeOfImages(x), kernelSizeOf(kernel), known, opWords));
}

/** The same where the geometry is known. @internal */
export function conv2dAt(x: Value, kernel: Value, geometry: Conv2dGeometry): Value {
  return applyOne(conv2dOp, [x, kernel], geometry);
}

/**
 * Transposed convolution: the gradient of a convolution with respect to its input, which spreads each place of x over a
 * window of the result. x [n, height, width, in], kernel [height, width, out, in]. Result [n, height, width, out].
 */
export function conv2dTranspose(x: Value, kernel: Value, options?: Conv2dTransposeOptions): Value {
  requireInputs('conv2dTranspose', [x, kernel]);
  requireRank('conv2dTranspose', x, 4);
  requireRank('conv2dTranspose', kernel, 4);
  const known = checkOptions('conv2dTranspose', options, { ...conv2dOptionNames, outputPadding: true });
  if (kernel.shape[3] !== x.shape[3]) {
    throw shapeError(
      `conv2dTranspose: the kernel ${formatShape(kernel.shape)} does not take the channels of x ${formatShape(x.shape)}`,
    );
  }
  const geometry = conv2dTransposeGeometry(sizeOfImages(x), kernelSizeOf(kernel), known, 'conv2dTranspose: ');
  return conv2dInputGradient(x, kernel, geometry);
}

function sizeOfImages({ shape }: Value): Pair {
  return [shape[1]!, shape[2]!];
}

function kernelSizeOf({ shape }: Value): Pair {
  return [shape[0]!, shape[1]!];
}
