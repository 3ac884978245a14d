// With h = (x - mean) / √(variance + epsilon) and n rows: dbeta = Σ dy, dgamma = Σ dy·h and
// dx = gamma / √(variance + epsilon) · (dy - dbeta / n - h · dgamma / n).
import type { BatchNormAttributes } from '../../ops/batch-norm.js';
import { type Kernel, rowsOf } from './kernel.js';

export const batchNormGradient: Kernel = ({ inputs, outputs: [dx, dgammas, dbetas], attributes }) => {
  const [x, gamma, means, variances, dy] = inputs;
  const { epsilon } = attributes as BatchNormAttributes;
  const { rows, columns } = rowsOf(x!);
  for (let c = 0; c < columns; c++) {
    const deviation = Math.sqrt(variances!.data[c]! + epsilon);
    const h = (row: number) => (x!.data[row * columns + c]! - means!.data[c]!) / deviation;
    let dbeta = 0;
    let dgamma = 0;
    for (let row = 0; row < rows; row++) {
      dbeta += dy!.data[row * columns + c]!;
      dgamma += dy!.data[row * columns + c]! * h(row);
    }
    for (let row = 0; row < rows; row++) {
      const inner = dy!.data[row * columns + c]! - dbeta / rows - (h(row) * dgamma) / rows;
      dx!.data[row * columns + c] = (gamma!.data[c]! / deviation) * inner;
    }
    dgammas!.data[c] = dgamma;
    dbetas!.data[c] = dbeta;
  }
};
