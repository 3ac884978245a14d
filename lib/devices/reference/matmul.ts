// y [m, n] = a [m, k] · b [k, n], either operand optionally transposed.
import type { MatmulAttributes } from '../../ops/matmul.js';
import type { Kernel, ReferenceTensor } from './kernel.js';

export const matmul: Kernel = ({ inputs: [a, b], outputs: [y], attributes }) => {
  const { transposeA, transposeB } = attributes as MatmulAttributes;
  multiplyMatrices(a!, b!, y!, transposeA, transposeB);
};

export function multiplyMatrices(
  a: ReferenceTensor,
  b: ReferenceTensor,
  y: ReferenceTensor,
  transposeA: boolean,
  transposeB: boolean,
): void {
  const [m, n] = y.shape as [number, number];
  const k = a.shape[transposeA ? 0 : 1]!;
  const [aRow, aColumn] = transposeA ? [1, m] : [k, 1];
  const [bRow, bColumn] = transposeB ? [1, k] : [n, 1];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += a.data[i * aRow + l * aColumn]! * b.data[l * bRow + j * bColumn]!;
      y.data[i * n + j] = sum;
    }
  }
}
