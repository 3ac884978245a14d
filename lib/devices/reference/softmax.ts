// e^(x - max) / Σ e^(x - max) over every row.
import { type Kernel, rowsOf } from './kernel.js';

export const softmax: Kernel = ({ inputs: [x], outputs: [y] }) => {
  const { rows, columns } = rowsOf(x!);
  for (let row = 0; row < rows; row++) {
    const from = x!.data.subarray(row * columns, (row + 1) * columns);
    const largest = from.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const powers = from.map((value) => Math.exp(value - largest));
    const sum = powers.reduce((a, b) => a + b, 0);
    y!.data.set(
      powers.map((power) => power / sum),
      row * columns,
    );
  }
};
