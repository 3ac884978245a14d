// DiffAugment against its paper's formulas, computed pixel by pixel from the same random numbers.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DiffAugmentPolicy } from '../../lib/gan/augmentations/diff-augment';
import { augmentations, type Tensor, tensor } from '../../lib/index';
import { multiply, randomIntegers, randomUniform, sum } from '../../lib/ops';
import { gradients } from '../../lib/ops/gradients';
import type { Graph } from '../../lib/program/graph';
import type { Value } from '../../lib/program/value';
import { noteMissingGpu } from '../support/devices';
import { runExact } from '../support/run';
import { comparedDevices } from './pytorch';

/** [batch, height, width, channels] */
type Sizes = readonly [number, number, number, number];

const sizes: readonly Sizes[] = [
  [5, 28, 28, 1],
  [4, 9, 14, 3],
  [3, 4, 6, 2],
  [6, 2, 1, 3],
];

const augmented = (images: Value, ...policy: DiffAugmentPolicy[]) =>
  augmentations.diffAugment({ policy }).apply(images, () => images);

function randomImages(shape: Sizes): Tensor<Float32Array> {
  const count = shape.reduce((a, b) => a * b);
  return tensor(
    Float32Array.from({ length: count }, (_, i) => Math.sin(7 * i + 1)),
    shape,
  );
}

/** Image i of `augment`, whose pixels are numbered as those of `images`. */
function byPixel({ shape, data }: Tensor, augment: (at: PixelAt, i: number) => PixelAt): number[] {
  const [batch, height, width, channels] = shape as Sizes;
  return Array.from({ length: batch }, (_, i) => {
    const isInside = (row: number, column: number) => row >= 0 && row < height && column >= 0 && column < width;
    const pixel: PixelAt = (row, column, channel) =>
      isInside(row, column) ? data[((i * height + row) * width + column) * channels + channel]! : 0;
    const changed = augment(pixel, i);
    return Array.from({ length: height * width * channels }, (_, j) =>
      changed(Math.floor(j / channels / width), Math.floor(j / channels) % width, j % channels),
    );
  }).flat();
}

type PixelAt = (row: number, column: number, channel: number) => number;

const meanOf = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

noteMissingGpu();

describe.each(comparedDevices())('on $label', ({ run, tolerance }) => {
  /** What the policy makes of the images, beside the numbers that `draw` draws from the same streams. */
  async function both(images: Tensor, policy: DiffAugmentPolicy, draw: (graph: Graph, batch: number) => Value[]) {
    const [found] = await run([images], ([values]) => [augmented(values!, policy)]);
    const draws = await run([images], (_, graph) => draw(graph, images.shape[0]!));
    return { found: found!, draws };
  }

  function expectNear(found: ArrayLike<number>, wanted: readonly number[], rounding: number): void {
    const apart = wanted.map((number, i) => Math.abs(found[i]! - number) - tolerance(number, rounding));
    expect(found).toHaveLength(wanted.length);
    expect(Math.max(...apart)).toBeLessThanOrEqual(0);
  }

  test.each(sizes)('colour of [%i, %i, %i, %i]', async (...shape) => {
    const images = randomImages(shape);
    const [, height, width, channels] = shape;
    const { found, draws } = await both(images, 'color', (graph, batch) =>
      [[-0.5, 0.5], ...(channels > 1 ? [[0, 2]] : []), [0.5, 1.5]].map(([low, high]) =>
        randomUniform(graph, [batch, 1, 1, 1], low!, high!),
      ),
    );
    const [brightness, contrast] = [draws[0]!, draws.at(-1)!];
    const wanted = byPixel(images, (pixel, i) => {
      const bright: PixelAt = (...at) => pixel(...at) + brightness[i]!;
      const saturation = channels > 1 ? draws[1]![i]! : 1;
      const saturated: PixelAt = (row, column, channel) => {
        const grey = meanOf(upTo(channels).map((c) => bright(row, column, c)));
        return grey + saturation * (bright(row, column, channel) - grey);
      };
      const all = upTo(height).flatMap((row) =>
        upTo(width).flatMap((column) => upTo(channels).map((channel) => saturated(row, column, channel))),
      );
      const middle = meanOf(all);
      return (...at) => middle + contrast[i]! * (saturated(...at) - middle);
    });
    // Numbers of up to 4, some ten roundings each.
    expectNear(found, wanted, 40 * 2 ** -24);
  });

  test.each(sizes)('translation of [%i, %i, %i, %i]: by up to an eighth, zeros in the gap', async (...shape) => {
    const images = randomImages(shape);
    const reach = (size: number) => Math.round(size / 8);
    const { found, draws } = await both(images, 'translation', (graph, batch) =>
      [shape[1], shape[2]].map((size) => randomIntegers(graph, [batch, 1], reach(size) + 1, { low: -reach(size) })),
    );
    const wanted = byPixel(
      images,
      (pixel, i) => (row, column, channel) => pixel(row - draws[0]![i]!, column - draws[1]![i]!, channel),
    );
    expect(Array.from(found)).toEqual(wanted);
  });

  test.each(sizes)('cutout of [%i, %i, %i, %i]: half of both sizes, its middle anywhere', async (...shape) => {
    const images = randomImages(shape);
    const length = (size: number) => Math.floor(size / 2 + 0.5);
    // The paper's code draws the middle from 0 to the size, that included where the length is even.
    const middles = (size: number) => size + 1 - (length(size) % 2);
    const { found, draws } = await both(images, 'cutout', (graph, batch) =>
      [shape[1], shape[2]].map((size) => randomIntegers(graph, [batch, 1], middles(size))),
    );
    const isCut = (place: number, middle: number, size: number) => {
      const start = middle - Math.floor(length(size) / 2);
      return place >= start && place < start + length(size);
    };
    const wanted = byPixel(
      images,
      (pixel, i) =>
        (...at) =>
          isCut(at[0], draws[0]![i]!, shape[1]) && isCut(at[1], draws[1]![i]!, shape[2]) ? 0 : pixel(...at),
    );
    expect(Array.from(found, Math.abs)).toEqual(wanted.map(Math.abs));
  });
});

test('policies are done in the order that they are given in', async () => {
  const images = randomImages([4, 6, 6, 3]);
  const results = await Promise.all(
    (
      [
        ['cutout', 'color'],
        ['color', 'cutout'],
      ] as const
    ).map(async (policy) => (await runExact([images], ([values]) => [augmented(values!, ...policy)]))[0]!),
  );
  const zeros = results.map((data) => data.filter((number) => number === 0).length);
  // Colour behind the cut gives the gap a colour.
  expect(zeros[0]).toBe(0);
  expect(zeros[1]).toBeGreaterThan(0);
});

test('a gradient is what goes back the way that the images came', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...sizes), fc.integer({ min: 0, max: 1000 }), async (shape, seed) => {
      const count = shape.reduce((a, b) => a * b);
      const images = randomImages(shape);
      const wave = (frequency: number) =>
        tensor(
          Float32Array.from({ length: count }, (_, i) => Math.cos(frequency * i)),
          shape,
        );
      const [weights, change] = [wave(3), wave(5)];
      const through = (inputs: Tensor[]) =>
        runExact(
          inputs,
          ([x, w]) => {
            const total = sum(multiply(augmented(x!, 'color', 'translation', 'cutout'), w!));
            return [total, ...gradients([total], [x!])];
          },
          { seed },
        );
      const moved = tensor(
        images.data.map((value, i) => value + change.data[i]!),
        shape,
      );
      const [[before, gradient], [after]] = await Promise.all([through([images, weights]), through([moved, weights])]);
      // What is done is linear, so that differences are exact but for the rounding of the moved images to float32.
      const predicted = gradient!.reduce((total, slope, i) => total + slope * (moved.data[i]! - images.data[i]!), 0);
      expect(Math.abs(after![0]! - before![0]! - predicted)).toBeLessThanOrEqual(1e-12 * count);
    }),
    { numRuns: 20 },
  );
});
