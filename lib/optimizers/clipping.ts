// Gradients that are kept from being too long (Pascanu, Mikolov & Bengio, On the Difficulty of Training Recurrent Neural
// Networks, 2013), as Keras does it.
import { positiveNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { clip } from '../ops/clip.js';
import { add, divide, fill, maximum, multiply, sqrt, square, sum } from '../ops/index.js';
import type { OptionNames } from '../options.js';
import type { Value } from '../program/value.js';

/** One of the three ways. */
export interface Clipping {
  /** Each gradient by itself has this norm at most. */
  readonly clipNorm?: number | undefined;
  /** Each element has this size at most. */
  readonly clipValue?: number | undefined;
  /** All gradients together have this norm at most. */
  readonly globalClipNorm?: number | undefined;
}

export const clippingNames: OptionNames<Clipping> = { clipNorm: true, clipValue: true, globalClipNorm: true };

/** @throws CudaGanError `CUDA_GAN_VALUE` unless they are positive numbers, and one at most. */
export function planClipping(options: Clipping): Clipping | undefined {
  const names = Object.keys(clippingNames) as (keyof Clipping)[];
  const given = names.filter((name) => options[name] !== undefined);
  if (given.length > 1) {
    throw new CudaGanError('CUDA_GAN_VALUE', `${given.join(' and ')} are given; gradients are clipped in one way only`);
  }
  const [name] = given;
  return name === undefined ? undefined : { [name]: positiveNumber(name, options[name]!) };
}

/** The gradients of an update, shortened. */
export function clipGradients(
  gradients: readonly Value[],
  { clipNorm, clipValue, globalClipNorm }: Clipping,
): readonly Value[] {
  if (clipValue !== undefined) return gradients.map((gradient) => clip(gradient, -clipValue, clipValue));
  if (clipNorm !== undefined) return gradients.flatMap((gradient) => shortened([gradient], clipNorm));
  return shortened(gradients, globalClipNorm!);
}

/** The gradients as parts of one vector, which is shortened to a norm: g · norm / max(‖g‖, norm). */
function shortened(gradients: readonly Value[], norm: number): readonly Value[] {
  const squares = gradients.map((gradient) => sum(square(gradient))).reduce(add);
  const longest = fill(squares.graph, [], norm);
  const factor = divide(longest, maximum(sqrt(squares), longest));
  return gradients.map((gradient) => multiply(gradient, factor));
}
