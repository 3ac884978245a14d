// a + b, element by element, with NumPy's broadcasting.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { inferBinary, sumTo } from './binary.js';

export const addOp: Op = {
  name: 'add',
  infer: ([a, b]) => inferBinary('add', a!, b!),
  gradient: ({ inputs: [a, b] }, [dy]) => [sumTo(dy!, a!.shape), sumTo(dy!, b!.shape)],
};

/** Sum. Shapes broadcast. */
export function add(a: Value, b: Value): Value {
  return applyOne(addOp, [a, b], {});
}
