// Dropout (Srivastava et al. 2014), scaled in training: y = x / (1 - rate) where the uniform number of the element is
// ≥ rate, else 0. Linear in x, so its gradient is the same op with the same random stream.
import { numberIn } from '../checks.js';
import { applyOne, type Op, requireInputs } from '../program/op.js';
import type { Value } from '../program/value.js';
import { nextRandom, type RandomAttributes } from './random.js';
import { inferLike } from './shapes.js';

/** @internal */
export const dropoutOp: Op<RandomAttributes & { rate: number }> = {
  name: 'dropout',
  infer: ([x], { rate }) => {
    numberIn('dropout: rate', rate, 0, 1);
    return inferLike('dropout', x!);
  },
  gradient: ({ attributes }, [dy]) => [applyOne(dropoutOp, [dy!], attributes)],
};

/** Zeros in a share of about `rate`, in [0, 1), of the places; the others of `x` are scaled by 1 / (1 - rate). */
export function dropout(x: Value, rate: number): Value {
  requireInputs('dropout', [x]);
  return applyOne(dropoutOp, [x], { ...nextRandom('dropout', x.graph), rate });
}
