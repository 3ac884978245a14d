// Dropout (Srivastava et al. 2014), scaled in training: y = x / (1 - rate) where the uniform number of the element is
// ≥ rate, else 0. Linear in x, so its gradient is the same op with the same random stream.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { nextRandom, type RandomAttributes } from './random.js';
import { inferLike } from './shapes.js';

/** @internal */
export const dropoutOp: Op<RandomAttributes & { rate: number }> = {
  name: 'dropout',
  infer: ([x]) => inferLike('dropout', x!),
  gradient: ({ attributes }, [dy]) => [applyOne(dropoutOp, [dy!], attributes)],
};

/** `rate` in [0, 1). */
export function dropout(x: Value, rate: number): Value {
  return applyOne(dropoutOp, [x], { ...nextRandom(x.graph), rate });
}
