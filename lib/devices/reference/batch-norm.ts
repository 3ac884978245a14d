// y = gamma · (x - mean) / √(variance + epsilon) + beta over all axes but the last, with the batch's mean and variance.
import type { BatchNormAttributes } from '../../ops/batch-norm.js';
import { type Kernel, rowsOf } from './kernel.js';

export const batchNorm: Kernel = ({ inputs: [x, gamma, beta], outputs: [y, means, variances], attributes }) => {
  const { epsilon } = attributes as BatchNormAttributes;
  const { rows, columns } = rowsOf(x!);
  for (let c = 0; c < columns; c++) {
    let mean = 0;
    for (let row = 0; row < rows; row++) mean += x!.data[row * columns + c]! / rows;
    let variance = 0;
    for (let row = 0; row < rows; row++) variance += (x!.data[row * columns + c]! - mean) ** 2 / rows;
    const scale = gamma!.data[c]! / Math.sqrt(variance + epsilon);
    for (let row = 0; row < rows; row++) {
      y!.data[row * columns + c] = (x!.data[row * columns + c]! - mean) * scale + beta!.data[c]!;
    }
    means!.data[c] = mean;
    variances!.data[c] = variance;
  }
};
