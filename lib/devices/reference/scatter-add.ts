// y[indices[i]] += x[i] over zeros; indices outside are left out.
import type { Kernel } from './kernel.js';

export const scatterAdd: Kernel = ({ inputs: [x, indices], outputs: [y] }) => {
  const rows = y!.shape[0]!;
  const length = rows === 0 ? 0 : y!.data.length / rows;
  y!.data.fill(0);
  indices!.data.forEach((row, i) => {
    if (row < 0 || row >= rows) return;
    for (let j = 0; j < length; j++) y!.data[row * length + j]! += x!.data[i * length + j]!;
  });
};
