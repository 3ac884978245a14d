// rows[step mod n].
import { type Kernel, rowsOf } from './kernel.js';

export const batchRow: Kernel = ({ inputs: [x], outputs: [y], step }) => {
  const { rows, columns } = rowsOf(x!);
  const begin = (step % rows) * columns;
  y!.data.set(x!.data.subarray(begin, begin + columns));
};
