// Random rows of a set.
import { rowNumbers } from '../models/batches.js';
import type { RandomStream } from '../random/random-stream.js';
import { createTypedArray, dtypeOf, type Tensor, type TypedArray } from '../tensor.js';

/** `size` numbers of rows, each at most once, in random order: the beginning of a shuffle. */
export function drawRows(count: number, size: number, random: RandomStream): Int32Array {
  const rows = rowNumbers(count);
  for (let i = 0; i < size; i++) {
    const j = i + random.integer(count - i);
    [rows[i], rows[j]] = [rows[j]!, rows[i]!];
  }
  return rows.subarray(0, size);
}

/** Rows of a tensor, by their numbers. */
export function rowsAt<Data extends TypedArray>({ shape, data }: Tensor<Data>, rows: Int32Array): Tensor<Data> {
  const size = data.length / shape[0]!;
  const taken = createTypedArray(dtypeOf(data), rows.length * size);
  rows.forEach((row, i) => {
    taken.set(data.subarray(row * size, (row + 1) * size), i * size);
  });
  return { shape: [rows.length, ...shape.slice(1)], data: taken as TypedArray as Data };
}
