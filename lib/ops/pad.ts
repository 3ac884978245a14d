// Surrounds a tensor with zeros: before[i] in front and after[i] behind, in every dimension.
import { wholeNumbers } from '../checks.js';
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { formatShape } from '../tensor.js';
import { float32, requireFloat32, shapeError } from './shapes.js';
import { slice } from './slice.js';

/** @internal */
export const padOp: Op<{ before: readonly number[]; after: readonly number[] }> = {
  name: 'pad',
  infer: ([x], { before, after }) => {
    requireFloat32('pad', x!);
    wholeNumbers('pad: before', before, 0);
    wholeNumbers('pad: after', after, 0);
    const { shape } = x!;
    if (before.length !== shape.length || after.length !== shape.length) {
      throw shapeError(`pad by [${before.join(', ')}] and [${after.join(', ')}] does not fit ${formatShape(shape)}`);
    }
    return [float32(shape.map((dimension, i) => before[i]! + dimension + after[i]!))];
  },
  gradient: ({ inputs: [x], attributes: { before } }, [dy]) => [slice(dy!, before, x!.shape)],
};

/** `x` with `before[i]` zeros in front of dimension `i`, and `after[i]` behind. */
export function pad(x: Value, before: readonly number[], after: readonly number[]): Value {
  return applyOne(padOp, [x], { before, after });
}
