// Shape rules that several ops share.
import { inWords, listOfNumbers, wholeNumbers } from '../checks.js';
import { CudaGanError } from '../errors.js';
import type { TensorType } from '../program/value.js';
import { type DType, formatShape, type Shape, sameShape } from '../tensor.js';

export function shapeError(message: string): CudaGanError {
  return new CudaGanError('CUDA_GAN_SHAPE', message);
}

export const float32 = (shape: Shape): TensorType => ({ shape, dtype: 'float32' });

export function requireDType(op: string, { dtype }: TensorType, ...allowed: DType[]): void {
  if (!allowed.includes(dtype)) {
    throw new CudaGanError('CUDA_GAN_VALUE', `${op} works on ${allowed.join(' or ')}, not on ${dtype}`);
  }
}

/** Holds inputs to float32, which most ops work on. @throws CudaGanError `CUDA_GAN_VALUE` */
export function requireFloat32(op: string, ...inputs: readonly TensorType[]): void {
  for (const input of inputs) requireDType(op, input, 'float32');
}

/** The result of an op that makes a float32 of every float32 of `x`. */
export function inferLike(op: string, x: TensorType): readonly TensorType[] {
  requireFloat32(op, x);
  return [float32(x.shape)];
}

export function requireRank(op: string, { shape }: TensorType, rank: number): void {
  if (shape.length !== rank) throw shapeError(`${op} needs ${rank} dimensions, found ${formatShape(shape)}`);
}

export function requireSameShape(op: string, a: TensorType, b: TensorType): void {
  if (!sameShape(a.shape, b.shape)) {
    throw shapeError(`${op} needs equal shapes, found ${formatShape(a.shape)} and ${formatShape(b.shape)}`);
  }
}

/** The shape that `a` and `b` broadcast to, by NumPy's rule. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const da = a[i - rank + a.length] ?? 1;
    const db = b[i - rank + b.length] ?? 1;
    if (da !== db && da !== 1 && db !== 1) {
      throw shapeError(`${op} cannot broadcast ${formatShape(a)} with ${formatShape(b)}`);
    }
    return da === 1 ? db : da;
  });
}

/** `shape` if a tensor may have it. @throws CudaGanError `CUDA_GAN_VALUE` */
export function requireShape(op: string, shape: Shape): Shape {
  return wholeNumbers(`${op}: shape`, shape, 0);
}

/** Resolves negative axes, sorts and checks them. @throws CudaGanError `CUDA_GAN_VALUE`, `CUDA_GAN_SHAPE` */
export function normalizeAxes(op: string, axes: readonly number[], rank: number): number[] {
  const given = Array.from(listOfNumbers(`${op}: axes`, axes));
  const exist = given.every((axis) => Number.isInteger(axis) && axis >= -rank && axis < rank);
  const resolved = exist ? given.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b) : [];
  if (!exist || resolved.some((axis, i) => axis === resolved[i - 1])) {
    throw shapeError(`${op}: axes ${inWords(axes)} do not fit a tensor of ${rank} dimensions`);
  }
  return resolved;
}
