// Σ t · (logsumexp(z) - z) over every row.
import { type Kernel, rowsOf } from './kernel.js';

export const categoricalCrossentropy: Kernel = ({ inputs: [logits, targets], outputs: [y] }) => {
  const { rows, columns } = rowsOf(logits!);
  for (let row = 0; row < rows; row++) {
    const z = logits!.data.subarray(row * columns, (row + 1) * columns);
    const largest = z.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const logSum = largest + Math.log(z.reduce((sum, value) => sum + Math.exp(value - largest), 0));
    y!.data[row] = z.reduce((sum, value, j) => sum + targets!.data[row * columns + j]! * (logSum - value), 0);
  }
};
