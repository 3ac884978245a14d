// y[i] = scale · data[indices[i]] + offset; NaN where an index is outside. Rows of int32 come with scale 1 and offset 0,
// and are -1 where an index is outside.
import type { Kernel } from './kernel.js';

export const gather: Kernel = ({ inputs: [data, indices], outputs: [y], attributes }) => {
  const { scale, offset } = attributes as { scale: number; offset: number };
  const outside = y!.dtype === 'int32' ? -1 : Number.NaN;
  const rows = data!.shape[0]!;
  const length = y!.data.length / Math.max(1, indices!.data.length);
  indices!.data.forEach((row, i) => {
    for (let j = 0; j < length; j++) {
      const value = row >= 0 && row < rows ? scale * data!.data[row * length + j]! + offset : outside;
      y!.data[i * length + j] = value;
    }
  });
};
