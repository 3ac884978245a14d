// a > b as 1 or 0, element by element, with NumPy's broadcasting.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { inferBinary } from './binary.js';

export const greaterOp: Op = {
  name: 'greater',
  infer: ([a, b]) => inferBinary('greater', a!, b!),
  gradient: () => [undefined, undefined],
};

/** 1 where a > b, else 0. Its gradient is zero. Shapes broadcast. */
export function greater(a: Value, b: Value): Value {
  return applyOne(greaterOp, [a, b], {});
}
