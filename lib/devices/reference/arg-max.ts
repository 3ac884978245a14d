// Index of the largest element of every row; the first one wins a tie.
import { type Kernel, rowsOf } from './kernel.js';

export const argMax: Kernel = ({ inputs: [x], outputs: [y] }) => {
  const { rows, columns } = rowsOf(x!);
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (let j = 1; j < columns; j++) if (x!.data[row * columns + j]! > x!.data[row * columns + best]!) best = j;
    y!.data[row] = best;
  }
};
