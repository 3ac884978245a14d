// Adds rows into a tensor of zeros: y[indices[i]] += x[i], in the order of i. The counterpart of gather.
import { wholeNumber } from '../checks.js';
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { formatShape } from '../tensor.js';
import { gather } from './gather.js';
import { float32, requireDType, requireFloat32, requireRank, shapeError } from './shapes.js';

/** @internal */
export const scatterAddOp: Op<{ rows: number }> = {
  name: 'scatterAdd',
  infer: ([x, indices], { rows }) => {
    requireFloat32('scatterAdd', x!);
    requireDType('scatterAdd', indices!, 'int32');
    requireRank('scatterAdd', indices!, 1);
    if (x!.shape[0] !== indices!.shape[0]) {
      throw shapeError(
        `scatterAdd needs an index for each row, found ${formatShape(indices!.shape)} for ${formatShape(x!.shape)}`,
      );
    }
    wholeNumber('scatterAdd: rows', rows, 1);
    return [float32([rows, ...x!.shape.slice(1)])];
  },
  gradient: ({ inputs: [, indices] }, [dy]) => [gather(dy!, indices!), undefined],
};

/** x [b, ...], indices int32 [b], each in [0, rows): others are left out. Result [rows, ...]. */
export function scatterAdd(x: Value, indices: Value, rows: number): Value {
  return applyOne(scatterAddOp, [x, indices], { rows });
}
