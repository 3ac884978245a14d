// e^x, element by element.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { multiply } from './multiply.js';
import { inferUnary } from './unary.js';

export const expOp: Op = {
  name: 'exp',
  infer: ([x]) => inferUnary('exp', x!),
  gradient: ({ outputs: [y] }, [dy]) => [multiply(dy!, y!)],
};

/** Exponential. */
export function exp(x: Value): Value {
  return applyOne(expOp, [x], {});
}
