// What bytes mean to a model: the one place where pixels become numbers, in training and in use.
import { notAllowed } from '../checks.js';
import type { TypedArray } from '../tensor.js';

/** What 0 and 255 become; what is between is in proportion. */
export type PixelRange = readonly [low: number, high: number];

/** y = scale · pixel + offset. Without a range bytes are numbers as they are, as in Keras. */
export function scalingOf(range: PixelRange = [0, 255]): { readonly scale: number; readonly offset: number } {
  const [low, high] = range;
  return { scale: (high - low) / 255, offset: low };
}

/** `range` if it is two finite numbers, the lower first. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function requirePixelRange(name: string, range: PixelRange): PixelRange {
  if (Array.isArray(range) && range.length === 2 && range.every(Number.isFinite) && range[0]! < range[1]!) return range;
  throw notAllowed(name, range, 'two finite numbers, the lower first, such as [-1, 1]');
}

/** The least and the greatest number. */
export interface Extremes {
  readonly least: number;
  readonly most: number;
}

export function extremesOf(data: TypedArray): Extremes {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most };
}

/** Are numbers that should be of `range` bytes? None is below 0, and some are further above the range than it is wide. */
export function isByteScale({ least, most }: Extremes, [low, high]: PixelRange = [-1, 1]): boolean {
  return least >= 0 && most > 2 * high - low;
}
