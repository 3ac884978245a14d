// What a kernel is on the reference device: a function over tensors whose elements, of whatever type, are float64.
import type { Attributes } from '../../program/op.js';
import type { TensorType } from '../../program/value.js';
import { type Shape, sizeOf } from '../../tensor.js';

export interface ReferenceTensor extends TensorType {
  readonly data: Float64Array;
}

export interface KernelCall {
  readonly inputs: readonly ReferenceTensor[];
  readonly outputs: readonly ReferenceTensor[];
  readonly attributes: Attributes;
  readonly step: number;
}

export type Kernel = (call: KernelCall) => void;

/** Number and length of the rows along the last axis. */
export function rowsOf({ shape, data }: ReferenceTensor): { rows: number; columns: number } {
  const columns = shape.at(-1) ?? 1;
  return { rows: columns === 0 ? 0 : data.length / columns, columns };
}

/** Elements from one to the next along every axis of a row-major tensor. */
export function stridesOf(shape: Shape): number[] {
  const strides = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1]! * shape[i + 1]!;
  return strides;
}

/** Calls `visit` with the index along every axis, in row-major order. The array is reused. */
export function forEachIndex(shape: Shape, visit: (index: readonly number[], position: number) => void): void {
  const size = sizeOf(shape);
  const index = shape.map(() => 0);
  for (let position = 0; position < size; position++) {
    visit(index, position);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
}

/** Position of an index in a tensor with these strides. */
export function positionOf(index: readonly number[], strides: readonly number[]): number {
  return index.reduce((sum, i, axis) => sum + i * strides[axis]!, 0);
}
