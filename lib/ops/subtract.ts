// a - b, element by element, with NumPy's broadcasting.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { negate } from './affine.js';
import { inferBinary, sumTo } from './binary.js';

export const subtractOp: Op = {
  name: 'subtract',
  infer: ([a, b]) => inferBinary('subtract', a!, b!),
  gradient: ({ inputs: [a, b] }, [dy]) => [sumTo(dy!, a!.shape), sumTo(negate(dy!), b!.shape)],
};

/** Difference. Shapes broadcast. */
export function subtract(a: Value, b: Value): Value {
  return applyOne(subtractOp, [a, b], {});
}
