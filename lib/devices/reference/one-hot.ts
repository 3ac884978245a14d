// y[i, labels[i]] = 1, else 0.
import { type Kernel, rowsOf } from './kernel.js';

export const oneHot: Kernel = ({ inputs: [labels], outputs: [y] }) => {
  const { columns } = rowsOf(y!);
  y!.data.fill(0);
  labels!.data.forEach((label, i) => {
    if (label >= 0 && label < columns) y!.data[i * columns + label] = 1;
  });
};
