// |x|, element by element.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { multiply } from './multiply.js';
import { sign } from './sign.js';
import { inferUnary } from './unary.js';

export const absOp: Op = {
  name: 'abs',
  infer: ([x]) => inferUnary('abs', x!),
  gradient: ({ inputs: [x] }, [dy]) => [multiply(dy!, sign(x!))],
};

/** Absolute value; its gradient at 0 is 0. */
export function abs(x: Value): Value {
  return applyOne(absOp, [x], {});
}
