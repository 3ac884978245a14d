// Random rows of a set.
import { rowNumbers } from '../models/batches.js';
import type { RandomStream } from '../random/random-stream.js';

/** `size` numbers of rows, each at most once, in random order: the beginning of a shuffle. */
export function drawRows(count: number, size: number, random: RandomStream): Int32Array {
  const rows = rowNumbers(count);
  for (let i = 0; i < size; i++) {
    const j = i + random.integer(count - i);
    [rows[i], rows[j]] = [rows[j]!, rows[i]!];
  }
  return rows.subarray(0, size);
}
