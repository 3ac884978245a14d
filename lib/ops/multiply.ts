// a · b, element by element, with NumPy's broadcasting.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { inferBinary, sumTo } from './binary.js';

export const multiplyOp: Op = {
  name: 'multiply',
  infer: ([a, b]) => inferBinary('multiply', a!, b!),
  gradient: ({ inputs: [a, b] }, [dy]) => [sumTo(multiply(dy!, b!), a!.shape), sumTo(multiply(dy!, a!), b!.shape)],
};

/** Element-wise product. Shapes broadcast. */
export function multiply(a: Value, b: Value): Value {
  return applyOne(multiplyOp, [a, b], {});
}
