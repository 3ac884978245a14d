// Matrix products, convolutions and transposed convolutions, with a bias where one is added.
import type { Conv2dGeometry } from '../../../../ops/conv2d-geometry.js';
import type { MatmulAttributes } from '../../../../ops/matmul.js';
import { reach } from '../../../../ops/window.js';
import type { KernelNode } from '../../../../program/value.js';
import { attributeOf } from '../../encode.js';
import { channelsFirst, channelsFirstOf, kernelOrder, plain, sequenceKernelOrder } from '../../layouts.js';
import type { AttributeProto } from '../../model-proto.js';
import type { Emitter, Placed } from '../emitter.js';

/** y [m, n] of a [m, k] and b [k, n], and a bias [n] if there is one. */
export function matmul(emitter: Emitter, { inputs, attributes }: KernelNode<MatmulAttributes>): Placed {
  const { transposeA, transposeB } = attributes;
  const names = inputs.map((value) => emitter.tensor(value));
  if (names.length === 2 && !transposeA && !transposeB) return { name: emitter.node('MatMul', names), order: plain(2) };
  const settings = [
    ...(transposeA ? [attributeOf.int('transA', 1)] : []),
    ...(transposeB ? [attributeOf.int('transB', 1)] : []),
  ];
  return { name: emitter.node('Gemm', names, settings), order: plain(2) };
}

export function conv2d(emitter: Emitter, { inputs, attributes: geometry }: KernelNode<Conv2dGeometry>): Placed {
  const [x, kernel, bias] = inputs;
  const behind = [0, 1].map((axis) => after(geometry, axis));
  const settings = [...windowsOf(geometry), attributeOf.ints('pads', [...geometry.padding, ...behind])];
  const names = [emitter.tensor(x!, channelsFirst), emitter.tensor(kernel!, kernelOrder)];
  return {
    name: emitter.node('Conv', bias ? [...names, emitter.tensor(bias)] : names, settings),
    order: channelsFirst,
  };
}

/** Along sequences: axis 1 of the rows that it is a convolution of. */
export function conv1d(
  emitter: Emitter,
  { inputs, attributes: geometry }: KernelNode<Conv2dGeometry & { readonly earlier: number }>,
): Placed {
  const [x, kernel, bias] = inputs;
  const order = channelsFirstOf(3);
  const settings = [
    attributeOf.ints('kernel_shape', geometry.kernelSize.slice(1)),
    attributeOf.ints('strides', geometry.strides.slice(1)),
    attributeOf.ints('dilations', geometry.dilations.slice(1)),
    attributeOf.int('group', geometry.groups),
    attributeOf.ints('pads', [geometry.earlier + geometry.padding[1], after(geometry, 1)]),
  ];
  const names = [emitter.tensor(x!, order), emitter.tensor(kernel!, sequenceKernelOrder)];
  return { name: emitter.node('Conv', bias ? [...names, emitter.tensor(bias)] : names, settings), order };
}

/**
 * The gradient of a convolution with respect to its input, of size `inputSize`. ONNX says the length of the result by what is
 * cut off, or added where nothing is: (in - 1) · stride + reach + output padding - pads.
 */
export function conv2dInputGradient(
  emitter: Emitter,
  { inputs, attributes: geometry }: KernelNode<Conv2dGeometry>,
): Placed {
  const [dy, kernel, bias] = inputs;
  const cut = [0, 1].map((axis) => {
    const whole = (geometry.outputSize[axis]! - 1) * geometry.strides[axis]! + span(geometry, axis);
    return whole - geometry.padding[axis]! - geometry.inputSize[axis]!;
  });
  const settings = [
    ...windowsOf(geometry),
    attributeOf.ints('pads', [...geometry.padding, ...cut.map((length) => Math.max(length, 0))]),
    attributeOf.ints(
      'output_padding',
      cut.map((length) => Math.max(-length, 0)),
    ),
  ];
  const names = [emitter.tensor(dy!, channelsFirst), emitter.tensor(kernel!, kernelOrder)];
  const all = bias ? [...names, emitter.tensor(bias)] : names;
  return { name: emitter.node('ConvTranspose', all, settings), order: channelsFirst };
}

function windowsOf({ kernelSize, strides, dilations, groups }: Conv2dGeometry): AttributeProto[] {
  return [
    attributeOf.ints('kernel_shape', kernelSize),
    attributeOf.ints('strides', strides),
    attributeOf.ints('dilations', dilations),
    attributeOf.int('group', groups),
  ];
}

/** Zeros that windows reach behind the last place. */
function after(geometry: Conv2dGeometry, axis: number): number {
  const covered = (geometry.outputSize[axis]! - 1) * geometry.strides[axis]! + span(geometry, axis);
  return Math.max(covered - geometry.inputSize[axis]! - geometry.padding[axis]!, 0);
}

const span = ({ kernelSize, dilations }: Conv2dGeometry, axis: number) => reach(kernelSize[axis]!, dilations[axis]!);
