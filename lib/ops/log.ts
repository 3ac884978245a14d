// ln x, element by element.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { divide } from './divide.js';
import { inferUnary } from './unary.js';

export const logOp: Op = {
  name: 'log',
  infer: ([x]) => inferUnary('log', x!),
  gradient: ({ inputs: [x] }, [dy]) => [divide(dy!, x!)],
};

/** Natural logarithm. */
export function log(x: Value): Value {
  return applyOne(logOp, [x], {});
}
