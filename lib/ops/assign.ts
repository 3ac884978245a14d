// Replaces the content of a Variable.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { requireDType, requireSameShape } from './shapes.js';

/** @internal */
export const assignOp: Op = {
  name: 'assign',
  updates: 1,
  infer: ([variable, value]) => {
    requireDType('assign', value!, variable!.dtype);
    requireSameShape('assign', variable!, value!);
    return [{ shape: variable!.shape, dtype: variable!.dtype }];
  },
};

export function assign(variable: Value, value: Value): Value {
  return applyOne(assignOp, [variable, value], {});
}
