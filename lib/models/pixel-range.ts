// What bytes mean to a model: the one place where pixels become numbers, in training and in use.
import { notAllowed } from '../checks.js';

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
