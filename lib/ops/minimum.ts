// min(a, b), element by element, with NumPy's broadcasting.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { inferBinary, sumTo } from './binary.js';
import { greater } from './greater.js';
import { multiply } from './multiply.js';
import { subtract } from './subtract.js';

export const minimumOp: Op = {
  name: 'minimum',
  infer: ([a, b]) => inferBinary('minimum', a!, b!),
  gradient: ({ inputs: [a, b] }, [dy]) => {
    const toA = multiply(dy!, greater(b!, a!));
    return [sumTo(toA, a!.shape), sumTo(subtract(dy!, toA), b!.shape)];
  },
};

/** The smaller of two; where they are equal the gradient goes to `b`. Shapes broadcast. */
export function minimum(a: Value, b: Value): Value {
  return applyOne(minimumOp, [a, b], {});
}
