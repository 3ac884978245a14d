// Sum over axes, which disappear from the shape.
import { applyOne, type Op, requireInputs } from '../program/op.js';
import type { Value } from '../program/value.js';
import { sizeOf } from '../tensor.js';
import { affine } from './affine.js';
import { broadcastTo } from './broadcast-to.js';
import { reshape } from './reshape.js';
import { float32, normalizeAxes, requireFloat32 } from './shapes.js';

/** @internal */
export const sumOp: Op<{ axes: readonly number[] }> = {
  name: 'sum',
  infer: ([x], { axes }) => {
    requireFloat32('sum', x!);
    return [float32(x!.shape.filter((_, i) => !axes.includes(i)))];
  },
  gradient: ({ inputs: [x], attributes }, [dy]) => {
    const kept = x!.shape.map((dimension, i) => (attributes.axes.includes(i) ? 1 : dimension));
    return [broadcastTo(reshape(dy!, kept), x!.shape)];
  },
};

/**
 * Sum over `axes`, or over one axis (default: all). Negative axes count from the end.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for axes that x does not have.
 */
export function sum(x: Value, axes?: number | readonly number[]): Value {
  return sumOver('sum', x, axes);
}

/** Arithmetic mean over `axes`, or over one axis (default: all). @throws as `sum`. */
export function mean(x: Value, axes?: number | readonly number[]): Value {
  const total = sumOver('mean', x, axes);
  const count = sizeOf(x.shape) / sizeOf(total.shape);
  return affine(total, 1 / count);
}

function sumOver(call: string, x: Value, axes?: number | readonly number[]): Value {
  requireInputs(call, [x]);
  const { shape } = x;
  const given = typeof axes === 'number' ? [axes] : (axes ?? [...shape.keys()]);
  return applyOne(sumOp, [x], { axes: normalizeAxes(call, given, shape.length) });
}
