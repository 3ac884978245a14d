// tf32 and bfloat16 on the cuda device: factors of large products are rounded, sums are not.
import { describe, expect, test } from '@jest/globals';
import type { Device } from '../../lib/devices/device';
import { matmul } from '../../lib/ops/matmul';
import { RandomStream } from '../../lib/random/random-stream';
import type { Shape, Tensor } from '../../lib/tensor';
import { cudaDevices, noteMissingGpu } from '../support/devices';
import { u } from '../support/op-cases';
import { run } from '../support/run';

const { abs } = Math; // jest's sandbox is slow to look up a global, here for every product

noteMissingGpu();

const random = new RandomStream(3, 0);
const matrix = (rows: number, columns: number): Tensor<Float32Array> => ({
  shape: [rows, columns],
  data: Float32Array.from({ length: rows * columns }, () => random.normal()),
});

const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

/** x rounded to nearest, ties to even, with `dropped` bits of the mantissa less. */
function rounded(x: number, dropped: number): number {
  if (dropped === 0) return x;
  float[0] = x;
  const half = (1 << (dropped - 1)) - 1 + ((bits[0]! >> dropped) & 1);
  bits[0] = (bits[0]! + half) & -(1 << dropped);
  return float[0]!;
}

function product(
  a: Tensor<Float32Array>,
  b: Tensor<Float32Array>,
  dropped: number,
): { sums: number[]; sizes: number[] } {
  const [m, k, n] = [a.shape[0]!, a.shape[1]!, b.shape[1]!];
  const [left, right] = [a, b].map(({ data }) => Array.from(data, (x) => rounded(x, dropped)));
  const sums: number[] = [];
  const sizes: number[] = [];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let [sum, size] = [0, 0];
      for (let l = 0; l < k; l++) {
        const term = left![i * k + l]! * right![l * n + j]!;
        sum += term;
        size += abs(term);
      }
      sums.push(sum);
      sizes.push(size);
    }
  }
  return { sums, sizes };
}

const multiplied = (device: Device, a: Tensor, b: Tensor) => run(device, [a, b], ([x, y]) => [matmul(x!, y!)]);

type ProductShape = [rows: number, depth: number, columns: number];
const large: ProductShape[] = [
  [200, 100, 70],
  [129, 17, 130],
];
const small: ProductShape[] = [
  [16, 100, 40],
  [60, 33, 9],
  [128, 64, 17],
];

describe.each([
  ['tf32', 13],
  ['bfloat16', 16],
] as const)('%s', (precision, dropped) => {
  test.each(small)('up to 128 rows stay float32: [%d, %d] · [.., %d]', async (rows, depth, columns) => {
    const [a, b] = [matrix(rows, depth), matrix(depth, columns)];
    for (const [i, { device }] of cudaDevices(precision).entries()) {
      expect(await multiplied(device, a, b)).toEqual(await multiplied(cudaDevices()[i]!.device, a, b));
    }
  });

  test.each(large)('rounds the factors of larger ones: [%d, %d] · [.., %d]', async (rows, depth, columns) => {
    const [a, b] = [matrix(rows, depth), matrix(depth, columns)];
    const { sums, sizes } = product(a, b, dropped);
    // Tensor cores of a GPU may round ties otherwise, and cut where we round: 2^-(24 - dropped) of each factor.
    const perTerm = (label: string) => (label === 'cuda' ? 2 * 2 ** (dropped - 24) : 0) + depth * u;
    for (const { label, device } of cudaDevices(precision)) {
      const [found] = await multiplied(device, a, b);
      sums.forEach((sum, i) => {
        expect(abs(found![i]! - sum)).toBeLessThanOrEqual(perTerm(label) * sizes[i]!);
      });
    }
  });

  test('differs from float32, by no more than the rounding of the factors', async () => {
    const shape: Shape = [150, 64];
    const [a, b] = [matrix(shape[0]!, shape[1]!), matrix(shape[1]!, 64)];
    const { sums, sizes } = product(a, b, 0);
    for (const { device } of cudaDevices(precision)) {
      const [found] = await multiplied(device, a, b);
      const errors = sums.map((sum, i) => abs(found![i]! - sum) / sizes[i]!);
      expect(Math.max(...errors)).toBeGreaterThan(2 ** (dropped - 24) / 100);
      expect(Math.max(...errors)).toBeLessThanOrEqual(2 * 2 ** (dropped - 24));
    }
  });
});
