// a / b, element by element, with NumPy's broadcasting.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { negate } from './affine.js';
import { inferBinary, sumTo } from './binary.js';
import { multiply } from './multiply.js';

export const divideOp: Op = {
  name: 'divide',
  infer: ([a, b]) => inferBinary('divide', a!, b!),
  gradient: ({ inputs: [a, b], outputs: [y] }, [dy]) => {
    const da = divide(dy!, b!);
    return [sumTo(da, a!.shape), sumTo(negate(multiply(da, y!)), b!.shape)];
  },
};

/** Element-wise quotient. Shapes broadcast. */
export function divide(a: Value, b: Value): Value {
  return applyOne(divideOp, [a, b], {});
}
