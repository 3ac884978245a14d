// √x, element by element.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { affine } from './affine.js';
import { divide } from './divide.js';
import { inferUnary } from './unary.js';

export const sqrtOp: Op = {
  name: 'sqrt',
  infer: ([x]) => inferUnary('sqrt', x!),
  gradient: ({ outputs: [y] }, [dy]) => [divide(affine(dy!, 0.5), y!)],
};

/** Square root. */
export function sqrt(x: Value): Value {
  return applyOne(sqrtOp, [x], {});
}
