// y = scale · x + offset, element by element, with constant scale and offset.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { inferLike } from './shapes.js';

export type AffineAttributes = { scale: number; offset: number };

/** @internal */
export const affineOp: Op<AffineAttributes> = {
  name: 'affine',
  infer: ([x]) => inferLike('affine', x!),
  gradient: ({ attributes }, [dy]) => [affine(dy!, attributes.scale)],
  fold: (value, { scale, offset }) => scale * value + offset,
};

/** scale · x + offset. */
export function affine(x: Value, scale: number, offset = 0): Value {
  return applyOne(affineOp, [x], { scale, offset });
}

export function negate(x: Value): Value {
  return affine(x, -1);
}
