// Sum over axes, which disappear from the shape.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { sizeOf } from '../tensor.js';
import { affine } from './affine.js';
import { broadcastTo } from './broadcast-to.js';
import { reshape } from './reshape.js';
import { float32, normalizeAxes, requireDType } from './shapes.js';

/** @internal */
export const sumOp: Op<{ axes: readonly number[] }> = {
  name: 'sum',
  infer: ([x], { axes }) => {
    requireDType('sum', x!, 'float32');
    return [float32(x!.shape.filter((_, i) => !axes.includes(i)))];
  },
  gradient: ({ inputs: [x], attributes }, [dy]) => {
    const kept = x!.shape.map((dimension, i) => (attributes.axes.includes(i) ? 1 : dimension));
    return [broadcastTo(reshape(dy!, kept), x!.shape)];
  },
};

/** Sum over `axes` (default: all). Negative axes count from the end. */
export function sum(x: Value, axes: readonly number[] = [...x.shape.keys()]): Value {
  return applyOne(sumOp, [x], { axes: normalizeAxes('sum', axes, x.shape.length) });
}

/** Arithmetic mean over `axes` (default: all). */
export function mean(x: Value, axes?: readonly number[]): Value {
  const total = sum(x, axes);
  const count = sizeOf(x.shape) / sizeOf(total.shape);
  return affine(total, 1 / count);
}
