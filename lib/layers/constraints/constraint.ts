// What a constraint is: a named rule for what a weight becomes after every update.
import { wholeNumber, wholeNumbers } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import { reshape, sqrt, square, sum } from '../../ops/index.js';
import type { Value } from '../../program/value.js';
import { formatShape } from '../../tensor.js';

/** A constraint. One of your own is an object of this kind. */
export interface Constraint {
  /** The name of its factory, by which a saved model finds it again. */
  readonly name: string;
  /** The options that its factory takes: plain data. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What a weight becomes: a tensor of its shape. */
  constrain(weight: Value): Value;
}

/** Axes of a weight along which its norms are taken. */
export interface AxisOptions {
  /**
   * One axis, or several, from 0 on: 0 for the vector into each unit of a dense kernel [in, out], [0, 1, 2] for each filter of
   * a convolution's [height, width, in, out]. Default 0.
   */
  readonly axis?: number | readonly number[] | undefined;
}

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` */
export function axisOption(axis: number | readonly number[]): number | readonly number[] {
  return Array.isArray(axis) ? [...wholeNumbers('axis', axis, 0)] : wholeNumber('axis', axis as number, 0);
}

/** Norms of a weight along axes, which stay with length 1. @internal @throws CudaGanError `CUDA_GAN_SHAPE` */
export function normsOf(weight: Value, axis: number | readonly number[]): Value {
  const axes = typeof axis === 'number' ? [axis] : axis;
  const missing = axes.find((one) => one >= weight.shape.length);
  if (missing !== undefined) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `a constraint has the axis ${missing}, which a weight of ${formatShape(weight.shape)} does not have`,
    );
  }
  const norms = sqrt(sum(square(weight), axes));
  const kept = weight.shape.map((dimension, i) => (axes.includes(i) ? 1 : dimension));
  return reshape(norms, kept);
}

/** Keras' epsilon, which keeps weights of norm 0 from a division by it. @internal */
export const epsilon = 1e-7;
