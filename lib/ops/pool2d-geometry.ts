// Where the windows of a pooling lie: computed once, and part of the Program.
import { checkOptions, type OptionNames } from '../options.js';
import type { TensorType } from '../program/value.js';
import { formatShape, type Shape, sameShape } from '../tensor.js';
import { requireFloat32, requireRank, shapeError } from './shapes.js';
import { type Padding, type Pair, pairOf, placeWindows, type WindowWords } from './window.js';

/** The window of output place o covers the input places o · stride - padding + i, i below its length, that exist. */
export type Pool2dGeometry = {
  /** Height and width of x. */
  inputSize: Pair;
  /** Height and width of y. */
  outputSize: Pair;
  windowSize: Pair;
  strides: Pair;
  /** How far the first windows reach out above and to the left. */
  padding: Pair;
};

/** What `maxPool2d` and `averagePool2d` take. */
export interface Pool2dOptions {
  /** Height and width of the window. Default 2. */
  readonly windowSize?: number | Pair | undefined;
  /** How far it moves, vertically and horizontally. Default: the window's size. */
  readonly strides?: number | Pair | undefined;
  /** `valid`: windows stay within x. `same`: y has ⌈size / stride⌉ places. Default `valid`. */
  readonly padding?: Padding | undefined;
}

const optionNames: OptionNames<Pool2dOptions> = { windowSize: true, strides: true, padding: true };

const opWords = (op: string): WindowWords => ({ prefix: `${op}: `, size: 'windowSize', axes: ['rows', 'columns'] });

/** The geometry of a pooling of x, as Keras places its windows. */
export function pool2dGeometry(
  op: string,
  x: TensorType,
  options: Pool2dOptions = {},
  words: WindowWords = opWords(op),
): Pool2dGeometry {
  requireRank(op, x, 4);
  const { padding = 'valid', windowSize: window = 2, strides: steps = window } = checkOptions(op, options, optionNames);
  const inputSize: Pair = [x.shape[1]!, x.shape[2]!];
  const windowSize = pairOf(`${words.prefix}windowSize`, window);
  const strides = pairOf(`${words.prefix}strides`, steps);
  const places = placeWindows(padding, { inputSize, windowSize, strides, dilations: [1, 1] }, words);
  return { inputSize, windowSize, strides, ...places };
}

/** Holds images [n, height, width, c] to a size. @throws CudaGanError `CUDA_GAN_SHAPE` */
export function requireImages(op: string, images: TensorType, size: Pair): void {
  requireFloat32(op, images);
  requireRank(op, images, 4);
  if (sameShape(images.shape.slice(1, 3), size)) return;
  throw shapeError(`${op}: ${formatShape(images.shape)} must be of ${size.join(' by ')} places`);
}

/** The shape of images [n, height, width, c] at another size. */
export function resizedShape({ shape }: TensorType, size: Pair): Shape {
  return [shape[0]!, ...size, shape[3]!];
}
