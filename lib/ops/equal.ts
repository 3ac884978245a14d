// a = b as 1 or 0, element by element, with NumPy's broadcasting.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { inferBinary } from './binary.js';

export const equalOp: Op = {
  name: 'equal',
  infer: ([a, b]) => inferBinary('equal', a!, b!),
  gradient: () => [undefined, undefined],
};

/** 1 where a = b, else 0. Its gradient is zero. Shapes broadcast. */
export function equal(a: Value, b: Value): Value {
  return applyOne(equalOp, [a, b], {});
}
