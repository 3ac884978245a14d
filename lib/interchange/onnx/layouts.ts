// In which order the axes of a value are in the file. Images are [n, height, width, channels] here, and [n, channels,
// height, width] for the operators of ONNX.
import { createTypedArray, dtypeOf, type TypedArray } from '../../tensor.js';

/** Axis i of a tensor of the file is axis order[i] of the value. */
export type Order = readonly number[];

/** Of images. */
export const channelsFirst: Order = [0, 3, 1, 2];

/** Of whatever has channels: the last axis behind the batch, the others in their order. */
export const channelsFirstOf = (rank: number): Order => [0, rank - 1, ...plain(rank).slice(1, -1)];

/** Kernels [height, width, in, out] of convolutions are [out, in, height, width]. */
export const kernelOrder: Order = [3, 2, 0, 1];

/** Kernels [length, in, out] along sequences are [out, in, length]. */
export const sequenceKernelOrder: Order = [2, 1, 0];

/** The axes as they are. */
export const plain = (rank: number): Order => [...Array(rank).keys()];

export const isPlain = (order: Order) => order.every((axis, i) => axis === i);

export const sameOrder = (a: Order, b: Order) => a.length === b.length && a.every((axis, i) => axis === b[i]);

/** What `Transpose` is told to get from one order to another. */
export const permutationFrom = (from: Order, to: Order): readonly number[] => to.map((axis) => from.indexOf(axis));

/** `items`, of which there is one per axis of the value, as the tensor has its axes. */
export const ordered = <Item>(items: readonly Item[], order: Order): Item[] => order.map((axis) => items[axis]!);

/** Whether the elements of `shape` come one after the other as in the plain order, since only axes of length 1 moved. */
export function keepsElements(shape: readonly number[], order: Order): boolean {
  const long = order.filter((axis) => shape[axis] !== 1);
  return long.every((axis, i) => i === 0 || axis > long[i - 1]!);
}

/** Row-major `data` of `shape` with its axes in another order. */
export function reordered<Data extends TypedArray>(data: Data, shape: readonly number[], order: Order): Data {
  if (keepsElements(shape, order)) return data;
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const [lengths, steps] = [ordered(shape, order), ordered(strides, order)];
  const result = createTypedArray(dtypeOf(data), data.length) as Data;
  let next = 0;
  const copy = (axis: number, position: number): void => {
    if (axis === lengths.length) {
      result[next++] = data[position]!;
      return;
    }
    const [length, step] = [lengths[axis]!, steps[axis]!];
    if (axis === lengths.length - 1) {
      for (let i = 0; i < length; i++) result[next++] = data[position + i * step]!;
    } else {
      for (let i = 0; i < length; i++) copy(axis + 1, position + i * step);
    }
  };
  copy(0, 0);
  return result;
}
