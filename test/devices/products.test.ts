// Products of few rows read the weights where they are, others pack them: the sums are the same.
import { describe, expect, test } from '@jest/globals';
import { ReferenceDevice } from '../../lib/devices/reference/device';
import { sigmoid } from '../../lib/ops/activation';
import { add } from '../../lib/ops/binary';
import { matmul } from '../../lib/ops/matmul';
import { RandomStream } from '../../lib/random/random-stream';
import { type Tensor, tensor } from '../../lib/tensor';
import { cpuDevices } from '../support/devices';
import { type Build, run } from '../support/run';

/** More rows than any tile has, and more terms than a block of the sum. */
const rows = 9;
const depth = 1030;

const random = new RandomStream(3, 1);
const normals = (...shape: number[]) =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()),
    shape,
  );
const firstRows = ({ shape: [, width], data }: Tensor, count: number) =>
  tensor(data.slice(0, count * width!) as Float32Array, [count, width!]);

const dense: Build = ([x, kernel, bias]) => [matmul(x!, kernel!), sigmoid(add(matmul(x!, kernel!), bias!))];

describe.each(cpuDevices())('on $label', ({ device }) => {
  // Of every width of a tile, alone and beside others, and with a rest that fills no vector.
  test.each([1, 3, 4, 8, 16, 31, 64, 517])(
    'a row times %i columns has the same bits alone as among others',
    async (n) => {
      const [x, kernel, bias] = [normals(rows, depth), normals(depth, n), normals(n)];
      const wanted = await run(device, [x, kernel, bias], dense);
      for (let count = 1; count < rows; count++) {
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
});
