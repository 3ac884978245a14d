// What the broadcasting element-wise ops share.
import type { TensorType, Value } from '../program/value.js';
import { type Shape, sameShape } from '../tensor.js';
import { reshape } from './reshape.js';
import { broadcastShapes, float32, requireDType } from './shapes.js';
import { sum } from './sum.js';

export function inferBinary(op: string, a: TensorType, b: TensorType): readonly TensorType[] {
  requireDType(op, a, 'float32');
  requireDType(op, b, 'float32');
  return [float32(broadcastShapes(op, a.shape, b.shape))];
}

/** Undoes a broadcast in a gradient: sums over the dimensions that were stretched to reach `value`'s shape. */
export function sumTo(value: Value, shape: Shape): Value {
  if (sameShape(value.shape, shape)) return value;
  const added = value.shape.length - shape.length;
  const axes = value.shape.flatMap((dimension, i) =>
    i < added || (shape[i - added] === 1 && dimension !== 1) ? [i] : [],
  );
  return reshape(sum(value, axes), shape);
}
