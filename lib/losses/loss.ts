// What a loss is, and what losses share.
import { numberFromTo } from '../checks.js';
import { checkOptions } from '../options.js';
import type { Value } from '../program/value.js';

/**
 * Targets and predictions of a batch → their loss: one number, or, to be averaged, one for each sample or more, [batch, ..].
 * Losses that samples are to be weighted in are of the second kind.
 */
export type Loss = (targets: Value, predictions: Value) => Value;

/** For a loss without options. @throws CudaGanError `CUDA_GAN_VALUE` when some were given. */
export function requireNoOptions(call: string, options: object | undefined): void {
  checkOptions<object>(call, options, {});
}

/** `labelSmoothing` if it is a share. @throws CudaGanError `CUDA_GAN_VALUE` */
export function smoothingOption(labelSmoothing: number): number {
  return numberFromTo('labelSmoothing', labelSmoothing, 0, 1);
}
