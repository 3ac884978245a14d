// Where a convolution's window lies: computed once, and part of the Program.
import { notAllowed, oneOf, wholeNumber } from '../checks.js';
import type { OptionNames } from '../options.js';
import type { TensorType } from '../program/value.js';
import { formatShape, type Shape, sameShape } from '../tensor.js';
import { requireFloat32, requireRank, shapeError } from './shapes.js';
import { type Padding, type Pair, paddings, pairOf, placeWindows, requiredReach, type WindowWords } from './window.js';

/**
 * Along each axis the window of output place o covers the input places o · stride - padding + i · dilation, i below the
 * kernel's length. What lies outside of the input counts as zero.
 */
export type Conv2dGeometry = {
  /** Height and width of x. */
  inputSize: Pair;
  /** Height and width of y. */
  outputSize: Pair;
  kernelSize: Pair;
  strides: Pair;
  dilations: Pair;
  /** Zeros above and to the left; those below and to the right follow from the sizes. */
  padding: Pair;
  /** Input and output channels are cut into so many parts, each convolved by itself. */
  groups: number;
};

/** What `conv2d` takes. */
export interface Conv2dOptions {
  /** How far the window moves, vertically and horizontally. Default 1. */
  readonly strides?: number | Pair | undefined;
  /** `valid`: the window stays within x. `same`: y has ⌈size / stride⌉ places. Default `valid`. */
  readonly padding?: Padding | undefined;
  /** Distance of neighbouring elements of the window. Default 1. */
  readonly dilations?: number | Pair | undefined;
  /** Default 1. */
  readonly groups?: number | undefined;
}

/** What errors of the convolutional layers call the parts of a window. */
export const layerWords: WindowWords = {
  prefix: '',
  size: 'kernelSize',
  dilation: 'dilationRate',
  axes: ['rows', 'columns'],
};

/** The geometry of a convolution of x of `inputSize`, as Keras places its windows. */
export function conv2dGeometry(
  inputSize: Pair,
  kernelSize: Pair,
  options: Conv2dOptions = {},
  words: WindowWords = layerWords,
): Conv2dGeometry {
  const { padding = 'valid', groups = 1 } = options;
  const strides = pairOf(`${words.prefix}strides`, options.strides ?? 1);
  const dilations = pairOf(`${words.prefix}dilations`, options.dilations ?? 1);
  const places = placeWindows(padding, { inputSize, windowSize: kernelSize, strides, dilations }, words);
  return {
    inputSize,
    kernelSize,
    strides,
    dilations,
    ...places,
    groups: wholeNumber(`${words.prefix}groups`, groups, 1),
  };
}

/** @internal */
export const conv2dOptionNames: OptionNames<Conv2dOptions> = {
  strides: true,
  padding: true,
  dilations: true,
  groups: true,
};

/** What `conv2dTranspose` takes. */
export interface Conv2dTransposeOptions extends Conv2dOptions {
  /** Rows and columns more than there are without it, less than the stride. Default: as many as `padding` says. */
  readonly outputPadding?: number | Pair | undefined;
}

/**
 * The geometry of the convolution whose gradient with respect to its input is a transposed convolution: its output is
 * the transposed one's input, of `size`. Sizes and cropping are Keras'. `prefix` comes in front of messages.
 * @throws CudaGanError `CUDA_GAN_VALUE` for an `outputPadding` that is not below the stride, `CUDA_GAN_SHAPE` for a window that spans more
 * than 2³⁰ places.
 */
export function conv2dTransposeGeometry(
  size: Pair,
  kernelSize: Pair,
  options: Conv2dTransposeOptions = {},
  prefix = '',
): Conv2dGeometry {
  const { padding = 'valid', outputPadding, groups = 1 } = options;
  const strides = pairOf(`${prefix}strides`, options.strides ?? 1);
  const dilations = pairOf(`${prefix}dilations`, options.dilations ?? 1);
  const extra = outputPadding === undefined ? undefined : pairOf(`${prefix}outputPadding`, outputPadding, 0);
  oneOf('padding', paddings, padding);
  const places = [0, 1].map((axis) => {
    const [input, stride] = [size[axis]!, strides[axis]!];
    const window = requiredReach(kernelSize[axis]!, dilations[axis]!, prefix);
    const more = extra?.[axis];
    if (more !== undefined && more >= stride) {
      throw notAllowed(`${prefix}outputPadding`, more, `whole numbers below the stride, ${stride}`);
    }
    return transposedPlace(padding, { input, window, stride, more });
  });
  return {
    inputSize: [places[0]!.output, places[1]!.output],
    outputSize: size,
    kernelSize,
    strides,
    dilations,
    padding: [places[0]!.before, places[1]!.before],
    groups: wholeNumber(`${prefix}groups`, groups, 1),
  };
}

/** Length of the output of a transposed convolution along one axis, and how much is cropped before it. */
function transposedPlace(
  padding: Padding,
  { input, window, stride, more }: { input: number; window: number; stride: number; more: number | undefined },
): { output: number; before: number } {
  const whole = (input - 1) * stride + window;
  if (padding === 'valid') {
    return { output: whole + (more ?? Math.max(stride - window, 0)), before: 0 };
  }
  const output = more === undefined ? input * stride : (input - 1) * stride + (window % 2) + more;
  return { output, before: Math.floor(Math.max(whole - output, 0) / 2) };
}

/**
 * Holds the tensors of a convolution to its geometry: x [n, height, width, in], kernel [height, width, in / groups, out]
 * and y [n, height, width, out], of which the op has two. @throws CudaGanError `CUDA_GAN_SHAPE`, with all shapes.
 */
export function requireConv2dFit(
  op: string,
  { inputSize, outputSize, kernelSize, groups }: Conv2dGeometry,
  { x, kernel, y }: { x?: TensorType; kernel?: TensorType; y?: TensorType },
): void {
  for (const tensor of [x, kernel, y]) {
    if (tensor === undefined) continue;
    requireFloat32(op, tensor);
    requireRank(op, tensor, 4);
  }
  const found = Object.entries({ x, kernel, y }).flatMap(([name, type]) =>
    type ? `${name} ${formatShape(type.shape)}` : [],
  );
  const refuse = (reason: string) => shapeError(`${op}: ${found.join(' and ')}: ${reason}`);

  const sizes: [string, Shape | undefined, Pair][] = [
    ['x', x?.shape.slice(1, 3), inputSize],
    ['y', y?.shape.slice(1, 3), outputSize],
    ['kernel', kernel?.shape.slice(0, 2), kernelSize],
  ];
  for (const [name, size, wanted] of sizes) {
    if (size && !sameShape(size, wanted)) throw refuse(`${name} must be of ${wanted.join(' by ')} places`);
  }
  const inputs = x?.shape[3] ?? kernel!.shape[2]! * groups;
  const outputs = y?.shape[3] ?? kernel!.shape[3]!;
  if (inputs % groups !== 0) throw refuse(`${groups} groups do not divide ${inputs} input channels`);
  if (outputs % groups !== 0) throw refuse(`${groups} groups do not divide ${outputs} output channels`);
  if (kernel && kernel.shape[2]! * groups !== inputs) {
    throw refuse(`the kernel takes ${kernel.shape[2]! * groups} input channels, not ${inputs}`);
  }
  if (kernel && kernel.shape[3] !== outputs)
    throw refuse(`the kernel makes ${kernel.shape[3]} channels, not ${outputs}`);
  if (x && y && x.shape[0] !== y.shape[0]) throw refuse('the batches differ');
}
