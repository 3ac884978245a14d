// Where windows lie along an axis: what convolution and pooling have in common.
import { listOfNumbers, notAllowed, oneOf, wholeNumber } from '../checks.js';
import { shapeError } from './shapes.js';

/** Of height and width. */
export type Pair = readonly [vertical: number, horizontal: number];

export const paddings = ['valid', 'same'] as const;
export type Padding = (typeof paddings)[number];

/** One number for both directions, or one for each. @throws CudaGanError `CUDA_GAN_VALUE` for anything else. */
export function pairOf(name: string, value: number | Pair, least = 1): Pair {
  if (typeof value === 'number') return [wholeNumber(name, value, least), value];
  const pair = listOfNumbers(name, value);
  if (pair.length !== 2) throw notAllowed(name, value, 'whole numbers and arrays of two of them');
  return [wholeNumber(`a number of ${name}`, pair[0]!, least), wholeNumber(`a number of ${name}`, pair[1]!, least)];
}

export interface WindowAxis {
  readonly input: number;
  /** How many places a window spans, from its first to its last. */
  readonly window: number;
  readonly stride: number;
}

/**
 * How many places windows have along an axis, and how far the first one reaches out before it. `valid`: windows stay
 * within, ⌊(input - window) / stride⌋ + 1. `same`: ⌈input / stride⌉, with the smaller half of what is missing in front.
 */
export function windowPlace(
  op: string,
  padding: Padding,
  { input, window, stride }: WindowAxis,
): { output: number; before: number } {
  if (oneOf('padding', paddings, padding) === 'same') {
    const output = Math.ceil(input / stride);
    return { output, before: Math.floor(Math.max((output - 1) * stride + window - input, 0) / 2) };
  }
  if (window > input) throw shapeError(`${op}: a window of ${window} does not fit into ${input} places`);
  return { output: Math.floor((input - window) / stride) + 1, before: 0 };
}
