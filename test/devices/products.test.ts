// Products of few rows read the weights where they are, others pack them: the sums are the same.
import { describe, expect, test } from '@jest/globals';
import { ReferenceDevice } from '../../lib/devices/reference/device';
import { sigmoid } from '../../lib/ops/activation';
import { adamOp } from '../../lib/ops/adam';
import { add } from '../../lib/ops/binary';
import { matmul } from '../../lib/ops/matmul';
import { apply } from '../../lib/program/op';
import { RandomStream } from '../../lib/random/random-stream';
import { type Tensor, tensor } from '../../lib/tensor';
import { cpuDevices } from '../support/devices';
import { type Build, run } from '../support/run';

/** More rows than meet a panel at once, and more terms than a block of the sum. */
const rows = 131;
const depth = 1030;
/** Up to one more than a tile has, and more. */
const fewerRows = [1, 2, 3, 4, 5, 6, 7, 8, 9, 33, 65, 130];

const random = new RandomStream(3, 1);
const normals = (...shape: number[]) =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()),
    shape,
  );
const firstRows = ({ shape: [, width], data }: Tensor, count: number) =>
  tensor(data.slice(0, count * width!) as Float32Array, [count, width!]);

const dense: Build = ([x, kernel, bias]) => [matmul(x!, kernel!), sigmoid(add(matmul(x!, kernel!), bias!))];

/** Rows, depth and columns of products that are cut into several blocks in one or all of these, by a remainder too. */
const shapes = [
  [80, 300, 512],
  [150, 256, 516],
  [60, 200, 1030],
  [75, 129, 1000],
  [70, 1100, 300],
  [9, 600, 1200],
  [230, 40, 100],
  // Few columns and many terms: a left factor that is read across its rows streams by, and a large one has more columns.
  [135, 300, 32],
  [70, 1000, 16],
  [2050, 2050, 64],
] as const;
const forms = [false, true].flatMap((transposeA) => [false, true].map((transposeB) => ({ transposeA, transposeB })));
const products = shapes.map(([m, k, n]) => ({ a: normals(m, k), b: normals(k, n), m, k, n }));
const transposed = ({ shape: [rows, columns], data }: Tensor) =>
  tensor(
    Float32Array.from({ length: data.length }, (_, i) => data[(i % rows!) * columns! + Math.floor(i / rows!)]!),
    [columns!, rows!],
  );

/** The product itself, and half of it as Adam's first moment, which begins at 0. */
const productOf =
  (transposeA: boolean, transposeB: boolean, half: boolean): Build =>
  ([a, b, p, m, v, t, rate]) => {
    const product = matmul(a!, b!, { transposeA, transposeB });
    if (!half) return [product];
    return [apply(adamOp, [p!, m!, v!, product, t!, rate!], { beta1: 0.5, beta2: 0.999, epsilon: 1e-7 })[1]!];
  };
const wantedProducts = new Map<number, Promise<ArrayLike<number>[]>>();
const wantedProduct = (i: number) => {
  const { a, b } = products[i]!;
  const wanted = wantedProducts.get(i) ?? run(new ReferenceDevice(), [a, b], productOf(false, false, false));
  wantedProducts.set(i, wanted);
  return wanted;
};

describe.each(cpuDevices())('on $label', ({ device }) => {
  // Of every width of a tile, alone and beside others, and with a rest that fills no vector.
  test.each([1, 3, 4, 8, 16, 31, 64, 517])(
    'a row times %i columns has the same bits alone as among others',
    async (n) => {
      const [x, kernel, bias] = [normals(rows, depth), normals(depth, n), normals(n)];
      const wanted = await run(device, [x, kernel, bias], dense);
      for (const count of fewerRows) {
        const found = await run(device, [firstRows(x, count), kernel, bias], dense);
        found.forEach((values, i) => {
          expect(values).toEqual((wanted[i] as Float32Array).slice(0, count * n));
        });
      }
    },
  );

  test('a single row is multiplied as the reference does it', async () => {
    const inputs = [normals(1, depth), normals(depth, 517), normals(517)];
    const wanted = await run(new ReferenceDevice(), inputs, dense);
    const found = await run(device, inputs, dense);
    // Each of `depth` rounded sums of products near 1 is off by at most 2⁻²⁴ of a partial sum, which is below `depth`
    // here: a random walk of normal products stays within a few times √depth.
    const bound = depth * 2 ** -24 * 4 * Math.sqrt(depth);
    found.forEach((values, i) => {
      for (let j = 0; j < values.length; j++) expect(Math.abs(values[j]! - wanted[i]![j]!)).toBeLessThan(bound);
    });
  });

  describe.each(forms)('transposeA $transposeA, transposeB $transposeB', ({ transposeA, transposeB }) => {
    test.each(products.map(({ m, k, n }, i) => ({ m, k, n, i })))(
      '$m x $k x $n is multiplied as the reference does it, for Adam too',
      async ({ m, k, n, i }) => {
        const { a, b } = products[i]!;
        const factors = [transposeA ? transposed(a) : a, transposeB ? transposed(b) : b];
        const state = Array.from({ length: 3 }, () => tensor(new Float32Array(m * n), [m, n]));
        const scalars = [tensor(Int32Array.of(1), []), tensor(Float32Array.of(0.01), [])];
        const [wanted] = await wantedProduct(i);
        const [product] = await run(device, factors, productOf(transposeA, transposeB, false));
        const [half] = await run(device, [...factors, ...state, ...scalars], productOf(transposeA, transposeB, true));
        let worst = 0;
        for (let j = 0; j < m * n; j++) {
          worst = Math.max(worst, Math.abs(product![j]! - wanted![j]!), Math.abs(2 * half![j]! - wanted![j]!));
        }
        // As above.
        expect(worst).toBeLessThan(k * 2 ** -24 * 4 * Math.sqrt(k));
      },
    );
  });
});
