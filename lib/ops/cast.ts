// Whole numbers as float32: y = x.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { float32, requireDType } from './shapes.js';

/** @internal */
export const castOp: Op = {
  name: 'cast',
  infer: ([x]) => {
    requireDType('cast', x!, 'int32');
    return [float32(x!.shape)];
  },
};

/**
 * int32 numbers as float32, for arithmetic with counters and random integers. Exact up to 2²⁴ in size; beyond, the
 * nearest float32. It has no gradient.
 */
export function cast(x: Value): Value {
  return applyOne(castOp, [x], {});
}
