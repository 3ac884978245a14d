// What ops do to a few numbers that can be followed by eye, to the bit and on every device.
import { describe, expect, test } from '@jest/globals';
import { ReferenceDevice } from '../../lib/devices/reference/device';
import {
  add,
  affine,
  cast,
  cos,
  fill,
  floor,
  gradients,
  lerp,
  multiply,
  randomIntegers,
  reverse,
  sin,
  translate2d,
} from '../../lib/ops/index';
import type { Tensor } from '../../lib/tensor';
import { cpuDevices, cudaDevices } from '../support/devices';
import { type Build, run } from '../support/run';

const floats = (shape: readonly number[], ...numbers: number[]): Tensor => ({
  shape,
  data: Float32Array.from(numbers),
});
const integers = (shape: readonly number[], ...numbers: number[]): Tensor => ({
  shape,
  data: Int32Array.from(numbers),
});

/** 3 x 3, one channel. */
const image = floats([1, 3, 3, 1], 1, 2, 3, 4, 5, 6, 7, 8, 9);

describe.each([{ label: 'reference', device: new ReferenceDevice() }, ...cpuDevices(), ...cudaDevices()])(
  'on $label',
  ({ device }) => {
    const results = async (inputs: readonly Tensor[], build: Build) =>
      (await run(device, inputs, build)).map((result) => Array.from(result));

    test.each([
      { rows: 0, columns: 0, wanted: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
      { rows: 1, columns: 0, wanted: [0, 0, 0, 1, 2, 3, 4, 5, 6] },
      { rows: 0, columns: 1, wanted: [0, 1, 2, 0, 4, 5, 0, 7, 8] },
      { rows: -1, columns: -2, wanted: [6, 0, 0, 9, 0, 0, 0, 0, 0] },
      { rows: 2, columns: -1, wanted: [0, 0, 0, 0, 0, 0, 2, 3, 0] },
      { rows: 3, columns: 0, wanted: [0, 0, 0, 0, 0, 0, 0, 0, 0] },
      { rows: 0, columns: -3, wanted: [0, 0, 0, 0, 0, 0, 0, 0, 0] },
      { rows: 2 ** 31 - 1, columns: 1, wanted: [0, 0, 0, 0, 0, 0, 0, 0, 0] },
      { rows: 0, columns: -(2 ** 31), wanted: [0, 0, 0, 0, 0, 0, 0, 0, 0] },
    ])('translate2d by $rows rows and $columns columns', async ({ rows, columns, wanted }) => {
      const found = await results([image, integers([1, 2], rows, columns)], ([x, by]) => [translate2d(x!, by!)]);
      expect(found).toEqual([wanted]);
    });

    test('translate2d moves every image by offsets of its own, and all of its channels', async () => {
      const images = floats([2, 1, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8);
      const offsets = integers([2, 2], 0, 1, 0, -1);
      const found = await results([images, offsets], ([x, by]) => [translate2d(x!, by!)]);
      expect(found).toEqual([[0, 0, 1, 2, 7, 8, 0, 0]]);
    });

    test('the gradient of translate2d moves back', async () => {
      const found = await results([image, integers([1, 2], 1, -1)], ([x, by], graph) => {
        const weights = multiply(x!, fill(graph, [], 10));
        return gradients([translate2d(x!, by!)], [x!], { seeds: [weights] });
      });
      expect(found).toEqual([[0, 40, 50, 0, 70, 80, 0, 0, 0]]);
    });

    test('reverse makes a mirror image along the third axis', async () => {
      const found = await results([image], ([x]) => [reverse(x!, 2), reverse(x!, [1]), reverse(x!)]);
      expect(found).toEqual([
        [3, 2, 1, 6, 5, 4, 9, 8, 7],
        [7, 8, 9, 4, 5, 6, 1, 2, 3],
        [9, 8, 7, 6, 5, 4, 3, 2, 1],
      ]);
    });

    test('reverse and a mask of random integers mirror some of the samples', async () => {
      const images = floats([64, 1, 2, 1], ...Array.from({ length: 128 }, (_, i) => i));
      const [flipped, mask] = await results([images], ([x], graph) => {
        const flip = cast(randomIntegers(graph, [64, 1, 1, 1], 2));
        const kept = affine(flip, -1, 1);
        return [add(multiply(kept, x!), multiply(flip, reverse(x!, 2))), flip];
      });
      expect(new Set(mask)).toEqual(new Set([0, 1]));
      expect(flipped).toEqual(mask!.flatMap((flip, i) => (flip === 1 ? [2 * i + 1, 2 * i] : [2 * i, 2 * i + 1])));
    });

    test('randomIntegers reaches all numbers from low to below limit, and no other', async () => {
      const [found, widest] = await results([], (_, graph) => [
        randomIntegers(graph, [1000, 2], 5, { low: -4 }),
        randomIntegers(graph, [1000], 0, { low: -(2 ** 31) }),
      ]);
      expect([...new Set(found)].sort((a, b) => a - b)).toEqual([-4, -3, -2, -1, 0, 1, 2, 3, 4]);
      expect(Math.min(...widest!)).toBeLessThan(-(2 ** 30));
      expect(Math.max(...widest!)).toBeLessThan(0);
    });

    test('lerp by 0 leaves a weight and by 1 replaces it, to the bit', async () => {
      const [v, x] = [floats([2], 1e8, 0.1), floats([2], 0.3, -1e-7)];
      const moved = (share: number) => results([v, x], ([a, b], graph) => [lerp(a!, b!, fill(graph, [], share))]);
      expect(await moved(0)).toEqual([Array.from(v.data)]);
      expect(await moved(1)).toEqual([Array.from(x.data)]);
    });

    test('lerp moves by the share that it is given', async () => {
      const inputs = [floats([3], 1, -2, 4), floats([3], 5, 2, 0), floats([], 0.25)];
      const found = await results(inputs, ([v, x, share]) => [lerp(v!, x!, share!)]);
      expect(found).toEqual([[2, -1, 3]]);
    });

    test('cast keeps whole numbers up to 2²⁴', async () => {
      const numbers = [0, 1, -7, 2 ** 24, -(2 ** 24), -(2 ** 31)];
      expect(await results([integers([6], ...numbers)], ([x]) => [cast(x!)])).toEqual([numbers]);
    });

    test('floor is exact for all floats', async () => {
      const below = 1 - 2 ** -24;
      const found = await results(
        [floats([9], 2.5, -2.5, 3, -3, below, -below, 2 ** 23 - 0.5, 1e30, -1e-30)],
        ([x]) => [floor(x!)],
      );
      expect(found).toEqual([[2, -3, 3, -3, 0, -1, 2 ** 23 - 1, Math.fround(1e30), -1]]);
    });

    test.each([Number.NaN, Infinity, -Infinity])('cos and sin of %p are NaN, and floor leaves it', async (number) => {
      const x = floats([3], 0, number, 0);
      const found = await results([x], ([a]) => [cos(a!), sin(a!), floor(a!)]);
      expect(found).toEqual([
        [1, Number.NaN, 1],
        [0, Number.NaN, 0],
        [0, number, 0],
      ]);
    });
  },
);
