// What a regularizer of layers is: a named rule for what is added to the loss for a weight, or for a layer's outputs.
import { nonNegativeNumber } from '../../checks.js';
import { abs, affine, square, sum } from '../../ops/index.js';
import type { Value } from '../../program/value.js';

/** A regularizer of layers. One of your own is an object of this kind. */
export interface LayerRegularizer {
  /** The name of its factory, by which a saved model finds it again. */
  readonly name: string;
  /** The options that its factory takes: plain data. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What is added to the loss for x, a weight or a batch of outputs: a scalar. */
  penalty(x: Value): Value;
}

/** factor · Σ |x|. @internal */
export function absolutePenalty(x: Value, factor: number): Value {
  return affine(sum(abs(x)), factor);
}

/** factor · Σ x². @internal */
export function squaredPenalty(x: Value, factor: number): Value {
  return affine(sum(square(x)), factor);
}

/** `value` if it can be a factor. @internal @throws CudaGanError `CUDA_GAN_VALUE` */
export function factorOption(name: string, value: number): number {
  return nonNegativeNumber(name, value);
}
