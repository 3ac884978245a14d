// -1, 0 or 1, element by element.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { inferUnary } from './unary.js';

export const signOp: Op = {
  name: 'sign',
  infer: ([x]) => inferUnary('sign', x!),
  gradient: () => [undefined],
};

/** Sign of x. Its gradient is zero. */
export function sign(x: Value): Value {
  return applyOne(signOp, [x], {});
}
