// What penalties on the discriminator's gradient have in common.
import { wholeNumber } from '../../checks.js';
import { square, sum } from '../../ops/index.js';
import type { Value } from '../../program/value.js';

/** ‖g‖² of each sample of gradients [batch, ...image]: [batch]. */
export function squaredNorms(gradient: Value): Value {
  return sum(
    square(gradient),
    gradient.shape.slice(1).map((_, i) => i + 1),
  );
}

/** @throws CudaGanError `CUDA_GAN_VALUE` unless it is a whole number from 1 on. */
export function intervalOption(interval: number): number {
  return wholeNumber('interval', interval, 1);
}

/** Where it is not the default, for the options of a part. */
export function intervalOptions(interval: number): { readonly interval?: number } {
  return interval === 1 ? {} : { interval };
}
