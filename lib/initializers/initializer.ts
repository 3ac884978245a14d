// What an initializer is: a named rule for the first content of a weight.
import type { RandomStream } from '../random/random-stream.js';
import { type Shape, sizeOf } from '../tensor.js';

export interface Initializer {
  /** The name of its factory, by which a saved model finds it again. */
  readonly name: string;
  /** The options that its factory takes. */
  readonly config: Readonly<Record<string, number>>;
  /** The elements of a weight of `shape`, row-major. */
  create(shape: Shape, random: RandomStream): Float32Array;
}

/** Inputs and outputs that meet in one element: a dense kernel is [in, out], a convolution's [height, width, in, out]. @internal */
export function fans(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const field = shape.slice(0, -2).reduce((product, dimension) => product * dimension, 1);
  return { fanIn: shape.at(-2)! * field, fanOut: shape.at(-1)! * field };
}

/**
 * The elements of a weight, one call for each, in order. Float32Array.from with a function is several times slower.
 * @internal
 */
export function fill(shape: Shape, element: (i: number) => number): Float32Array {
  const data = new Float32Array(sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = element(i);
  return data;
}
