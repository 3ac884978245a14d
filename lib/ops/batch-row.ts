// The row of this step: y = rows[step mod n]. How a shuffled order, written once per epoch, becomes batches.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { requireDType, shapeError } from './shapes.js';

/** @internal */
export const batchRowOp: Op = {
  name: 'batchRow',
  infer: ([rows]) => {
    requireDType('batchRow', rows!, 'int32');
    if (rows!.shape.length !== 2) throw shapeError('batchRow needs rows of shape [steps, batch]');
    return [{ shape: [rows!.shape[1]!], dtype: 'int32' }];
  },
};

/** rows int32 [n, b]; result int32 [b]. */
export function batchRow(rows: Value): Value {
  return applyOne(batchRowOp, [rows], {});
}
