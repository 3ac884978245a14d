// Undoes a broadcast: what broadcasting ops do to their gradients.
import type { Value } from '../program/value.js';
import { type Shape, sameShape } from '../tensor.js';
import { reshape } from './reshape.js';
import { sum } from './sum.js';

/** Sums over the dimensions that were stretched to reach `value`'s shape from `shape`. */
export function sumTo(value: Value, shape: Shape): Value {
  if (sameShape(value.shape, shape)) return value;
  const added = value.shape.length - shape.length;
  const axes = value.shape.flatMap((dimension, i) =>
    i < added || (shape[i - added] === 1 && dimension !== 1) ? [i] : [],
  );
  return reshape(sum(value, axes), shape);
}
