// Rows of a data set: y[i] = scale · data[indices[i]] + offset, uint8 or float32 to float32; int32 rows as they are.
import { finiteNumber } from '../checks.js';
import { checkOptions } from '../options.js';
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { affine } from './affine.js';
import { scatterAdd } from './scatter-add.js';
import { float32, requireDType, requireRank, shapeError } from './shapes.js';

/** What `gather` takes. */
export interface GatherOptions {
  /** What float32 and uint8 are multiplied by. Default 1. */
  readonly scale?: number | undefined;
  /** What is added to the product. Default 0. */
  readonly offset?: number | undefined;
}

/** @internal */
export const gatherOp: Op<{ scale: number; offset: number }> = {
  name: 'gather',
  infer: ([data, indices], { scale, offset }) => {
    finiteNumber('gather: scale', scale);
    finiteNumber('gather: offset', offset);
    requireDType('gather', indices!, 'int32');
    requireRank('gather', indices!, 1);
    if (data!.shape.length === 0) throw shapeError('gather needs data of at least 1 dimension, found []');
    const shape = [indices!.shape[0]!, ...data!.shape.slice(1)];
    return [data!.dtype === 'int32' ? { shape, dtype: 'int32' } : float32(shape)];
  },
  gradient: ({ inputs: [data, indices], attributes: { scale } }, [dy]) => [
    data!.dtype === 'float32' ? scatterAdd(affine(dy!, scale), indices!, data!.shape[0]!) : undefined,
    undefined,
  ],
};

/** data [n, ...], indices int32 [b], each in [0, n): an index outside yields NaN, or -1 for int32. Result [b, ...]. */
export function gather(data: Value, indices: Value, options: GatherOptions = {}): Value {
  const { scale = 1, offset = 0 } = checkOptions('gather', options, { scale: true, offset: true });
  return applyOne(gatherOp, [data, indices], { scale, offset });
}
