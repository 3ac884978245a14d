// What the element-wise ops of one input share.
import type { TensorType } from '../program/value.js';
import { float32, requireDType } from './shapes.js';

export function inferUnary(op: string, x: TensorType): readonly TensorType[] {
  requireDType(op, x, 'float32');
  return [float32(x.shape)];
}
