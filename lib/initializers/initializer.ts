// What an initializer is: a named rule for the first content of a weight.
import type { RandomStream } from '../random/random-stream.js';
import type { Shape } from '../tensor.js';

export interface Initializer {
  /** The name of its factory, by which a saved model finds it again. */
  readonly name: string;
  /** The options that its factory takes. */
  readonly config: Readonly<Record<string, number>>;
  /** The elements of a weight of `shape`, row-major. */
  create(shape: Shape, random: RandomStream): Float32Array;
}

/** Inputs and outputs that meet in one element: a dense kernel is [in, out], a convolution's [height, width, in, out]. */
export function fans(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const field = shape.slice(0, -2).reduce((product, dimension) => product * dimension, 1);
  return { fanIn: shape.at(-2)! * field, fanOut: shape.at(-1)! * field };
}
