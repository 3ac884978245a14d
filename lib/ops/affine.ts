// y = scale · x + offset, element by element, with constant scale and offset.
import { finiteNumber } from '../checks.js';
import { applyOne, type Op, requireInputs } from '../program/op.js';
import type { Value } from '../program/value.js';
import { inferLike } from './shapes.js';

export type AffineAttributes = { scale: number; offset: number };

/** @internal */
export const affineOp: Op<AffineAttributes> = {
  name: 'affine',
  infer: ([x], { scale, offset }) => {
    finiteNumber('affine: scale', scale);
    finiteNumber('affine: offset', offset);
    return inferLike('affine', x!);
  },
  gradient: ({ attributes: { scale } }, [dy]) => [scale === 1 ? dy : affine(dy!, scale)],
  fold: (value, { scale, offset }) => scale * value + offset,
};

/** scale · x + offset. */
export function affine(x: Value, scale: number, offset = 0): Value {
  return applyOne(affineOp, [x], { scale, offset });
}

/** -x. */
export function negate(x: Value): Value {
  requireInputs('negate', [x]);
  return affine(x, -1);
}
