// Adds 1 to an int32 counter Variable.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { requireDType } from './shapes.js';

/** @internal */
export const incrementOp: Op = {
  name: 'increment',
  updates: 1,
  infer: ([counter]) => {
    requireDType('increment', counter!, 'int32');
    return [{ shape: counter!.shape, dtype: 'int32' }];
  },
};

export function increment(counter: Value): Value {
  return applyOne(incrementOp, [counter], {});
}
