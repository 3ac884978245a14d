// Where windows lie along an axis: what convolution and pooling have in common.
import { notAllowed, oneOf, wholeNumberIn } from '../checks.js';
import { shapeError } from './shapes.js';

/** Of height and width. */
export type Pair = readonly [vertical: number, horizontal: number];

export const paddings = ['valid', 'same'] as const;
/** `valid`: windows lie within the image; `same`: as many as there are places, divided by the stride. @useDeclaredType */
export type Padding = (typeof paddings)[number];

/** More places than a line of any image has. The devices' sums of a few such numbers fit into 32 bits. */
const mostPlaces = 2 ** 24;
/** Likewise, of the window of a convolution. */
const mostReached = 2 ** 30;

/** One number for both directions, or one for each. @throws CudaGanError `CUDA_GAN_VALUE` for anything else, and above 2²⁴. */
export function pairOf(name: string, value: number | Pair, least = 1): Pair {
  if (typeof value === 'number') return [wholeNumberIn(name, value, least, mostPlaces), value];
  if (!Array.isArray(value) || value.length !== 2) {
    throw notAllowed(name, value, `whole numbers from ${least} to ${mostPlaces}, and arrays of two of them`);
  }
  const side = (axis: 0 | 1) => wholeNumberIn(`${name}[${axis}]`, value[axis], least, mostPlaces);
  return [side(0), side(1)];
}

/** Windows over the height and the width of images. */
export interface Windows {
  readonly inputSize: Pair;
  /** How many elements a window has. */
  readonly windowSize: Pair;
  readonly strides: Pair;
  /** Distance of neighbouring elements of a window. */
  readonly dilations: Pair;
}

/** What an error calls the parts of windows. */
export interface WindowWords {
  /** In front of the message: `conv2d: ` of an op; empty for a layer, whose name comes in front anyway. */
  readonly prefix: string;
  /** The options that give the size, and the dilation where there is such an option. */
  readonly size: string;
  readonly dilation?: string;
  /** What lies along each axis. */
  readonly axes: readonly [vertical: string, horizontal: string];
}

/**
 * How many places windows have along each axis, and how far the first ones reach out before it. `valid`: windows stay
 * within, ⌊(input - reach) / stride⌋ + 1. `same`: ⌈input / stride⌉, with the smaller half of what is missing in front.
 * @throws CudaGanError `CUDA_GAN_SHAPE` when a window does not fit, or spans more than 2³⁰ places, `CUDA_GAN_VALUE` for another padding.
 */
export function placeWindows(
  padding: Padding,
  windows: Windows,
  words: WindowWords,
): { readonly outputSize: Pair; readonly padding: Pair } {
  oneOf('padding', paddings, padding);
  const place = (axis: 0 | 1) => (padding === 'same' ? samePlace : validPlace)(windows, axis, words);
  const [vertical, horizontal] = [place(0), place(1)];
  return { outputSize: [vertical.output, horizontal.output], padding: [vertical.before, horizontal.before] };
}

function samePlace({ inputSize, windowSize, strides, dilations }: Windows, axis: 0 | 1, { prefix }: WindowWords) {
  const output = Math.ceil(inputSize[axis] / strides[axis]);
  const covered = (output - 1) * strides[axis] + requiredReach(windowSize[axis], dilations[axis], prefix);
  return { output, before: Math.floor(Math.max(covered - inputSize[axis], 0) / 2) };
}

function validPlace({ inputSize, windowSize, strides, dilations }: Windows, axis: 0 | 1, words: WindowWords) {
  const [input, length, dilation] = [inputSize[axis], windowSize[axis], dilations[axis]];
  const span = reach(length, dilation);
  if (span <= input) return { output: Math.floor((input - span) / strides[axis]) + 1, before: 0 };
  const size = `${words.size} ${length}${words.dilation === undefined ? '' : `, ${words.dilation} ${dilation}`}`;
  throw shapeError(
    `${words.prefix}a window of ${span} (${size}) does not fit into ${input} ${words.axes[axis]} with padding "valid"`,
  );
}

/** How many places a window spans, from its first to its last. */
export function reach(length: number, dilation: number): number {
  return (length - 1) * dilation + 1;
}

/** The same, of a window that may be larger than its image. @throws CudaGanError `CUDA_GAN_SHAPE` above 2³⁰. */
export function requiredReach(length: number, dilation: number, prefix: string): number {
  const span = reach(length, dilation);
  if (span <= mostReached) return span;
  throw shapeError(
    `${prefix}a window of ${length}, ${dilation} apart, spans ${span} places; allowed are ${mostReached}`,
  );
}
