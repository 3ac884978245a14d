// Numbers below 2⁻¹²⁶, each of which costs an Intel processor more than a hundred cycles: the cpu device computes with 0 in
// their place, on every thread.
import { describe, expect, test } from '@jest/globals';
import { add, multiply } from '../../lib/ops/binary';
import { matmul } from '../../lib/ops/matmul';
import { transpose } from '../../lib/ops/transpose';
import { Variable } from '../../lib/program/variable';
import type { Tensor } from '../../lib/tensor';
import { sharingCpu } from '../support/devices';
import { run } from '../support/run';

/** More than a block of elements, so that every thread has some. */
const [rows, columns] = [64, 257];
const filled = (value: number, shape = [rows, columns]): Tensor<Float32Array> => ({
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(value),
});
const least = 2 ** -126;

describe.each([1, 2, 3].map((threads) => ({ threads, device: sharingCpu(threads) })))(
  'on $threads threads',
  ({ device }) => {
    test.each([
      { what: 'an operand', a: 2 ** -130, b: 2 ** 10, product: 0 },
      { what: 'a result', a: 2 ** -100, b: -(2 ** -40), product: -0 },
      { what: 'neither', a: least, b: 1, product: least },
    ])('a product of which $what is subnormal is as it should be', async ({ a, b, product }) => {
      const [y] = await run(device, [filled(a), filled(b)], ([x, y]) => [multiply(x!, y!)]);
      expect(y).toEqual(filled(product).data);
    });

    test('sums and matrix products read them as 0', async () => {
      const inputs = [filled(2 ** -127), filled(2 ** 20, [columns, rows])];
      const [sum, product] = await run(device, inputs, ([x, y]) => [add(x!, x!), matmul(x!, y!)]);
      expect(sum).toEqual(filled(0).data);
      expect(product).toEqual(filled(0, [rows, rows]).data);
    });

    test('copies have their bits', async () => {
      const tiny = filled(2 ** -149);
      const [y] = await run(device, [tiny], ([x]) => [transpose(x!, [1, 0])]);
      expect(y).toEqual(tiny.data);
      const variable = new Variable({ name: 'x', shape: tiny.shape });
      await variable.write(tiny.data, device);
      expect(await variable.read(device)).toEqual(tiny.data);
    });
  },
);
