// Mixtures of Gaussians, and how many of their modes samples cover.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type GaussianMixture, gaussianGrid, gaussianRing, modeCoverage } from '../../lib/datasets/gaussian-mixtures';
import { tensor } from '../../lib/tensor';
import { error } from '../support/errors';
import { junk, onlyCodedErrors } from '../support/junk';

/** The points of mode `mode`, as offsets from its mean, in standard deviations. */
function offsetsAt({ points, labels, modes, stddev }: GaussianMixture, mode: number): number[][] {
  const [x, y] = [modes.data[2 * mode]!, modes.data[2 * mode + 1]!];
  const rows = Array.from(labels.data.keys()).filter((row) => labels.data[row] === mode);
  return rows.map((row) => [(points.data[2 * row]! - x) / stddev, (points.data[2 * row + 1]! - y) / stddev]);
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

describe('the ring', () => {
  test('has eight modes on a circle of radius 1', () => {
    const { points, labels, modes, stddev } = gaussianRing({ count: 100 });
    expect(points).toMatchObject({ shape: [100, 2], name: 'ring' });
    expect(points.data).toBeInstanceOf(Float32Array);
    expect(labels.shape).toEqual([100]);
    expect(stddev).toBe(0.01);
    expect(modes.shape).toEqual([8, 2]);
    const half = Math.fround(Math.SQRT1_2);
    [1, 0, half, half, 0, 1, -half, half, -1, 0, -half, -half, 0, -1, half, -half].forEach((wanted, i) => {
      expect(modes.data[i]).toBeCloseTo(wanted, 6);
    });
  });

  test('may have other modes, another radius and another width', () => {
    const { modes, stddev } = gaussianRing({ modes: 4, radius: 3, stddev: 0.5, count: 1 });
    expect(modes.shape).toEqual([4, 2]);
    expect(modes.data[0]).toBe(3);
    expect(stddev).toBe(0.5);
  });
});

describe('the grid', () => {
  test('has the means -4, -2, 0, 2 and 4 in both directions', () => {
    const { points, modes, stddev } = gaussianGrid({ count: 10 });
    expect(points).toMatchObject({ shape: [10, 2], name: 'grid' });
    expect(stddev).toBe(0.05);
    const means = [-4, -2, 0, 2, 4];
    expect([...modes.data]).toEqual(means.flatMap((x) => means.flatMap((y) => [x, y])));
  });

  test('may have another side and spacing', () => {
    expect([...gaussianGrid({ side: 2, spacing: 1, count: 1 }).modes.data]).toEqual([
      -0.5, -0.5, -0.5, 0.5, 0.5, -0.5, 0.5, 0.5,
    ]);
  });
});

describe('points', () => {
  test('come from all modes alike, as Gaussians of the stated width', () => {
    const mixture = gaussianGrid({ side: 2, count: 40000, seed: 3 });
    for (let mode = 0; mode < 4; mode++) {
      const offsets = offsetsAt(mixture, mode);
      // Counts are binomial: 10000 with a standard deviation of 87; five of them.
      expect(Math.abs(offsets.length - 10000)).toBeLessThan(5 * 87);
      for (const axis of [0, 1]) {
        const values = offsets.map((offset) => offset[axis]!);
        // Of n numbers, the mean deviates by 1/√n and the variance by √(2/n); five of them, n = 10000.
        expect(Math.abs(mean(values))).toBeLessThan(5 * 0.01);
        expect(Math.abs(mean(values.map((value) => value ** 2)) - 1)).toBeLessThan(5 * 0.0142);
      }
    }
  });

  test('are the same for the same seed, and others for another', () => {
    const points = (seed?: number) => gaussianRing({ count: 20, seed }).points.data;
    expect(points(5)).toEqual(points(5));
    expect(points()).toEqual(points(0));
    expect(points(5)).not.toEqual(points(6));
  });

  test('are 100000 unless told otherwise', () => {
    expect(gaussianRing().points.shape).toEqual([100000, 2]);
  });
});

describe('coverage', () => {
  test('of the mixture itself is all modes, and all but exp(-4.5) of the samples', () => {
    const mixture = gaussianGrid({ count: 20000 });
    const { modes, highQuality, counts } = modeCoverage(mixture.points, mixture);
    expect(modes).toBe(25);
    // The distance is Rayleigh's: beyond three standard deviations lie exp(-4.5) = 1.1 %. Binomial, five deviations.
    const share = 1 - Math.exp(-4.5);
    expect(Math.abs(highQuality - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / 20000));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(Math.round(highQuality * 20000));
  });

  test('counts a mode by one sample within three standard deviations, and no other sample', () => {
    const grid = gaussianGrid({ side: 2, spacing: 2, stddev: 0.1, count: 1 });
    const samples = tensor(Float32Array.of(-1, -1.29, 1, 1.31, -1, -1, 50, 50, Number.NaN, 1), [5, 2]);
    expect(modeCoverage(samples, grid)).toEqual({ modes: 1, highQuality: 0.4, counts: Int32Array.of(2, 0, 0, 0) });
  });

  test('of one point is one mode', () => {
    const ring = gaussianRing({ count: 1 });
    const { modes, highQuality } = modeCoverage(tensor(Float32Array.of(1, 0), [1, 2]), ring);
    expect({ modes, highQuality }).toEqual({ modes: 1, highQuality: 1 });
  });

  test.each([
    [[4], 'samples has shape [4]; wanted is [n, 2]'],
    [[1, 4], 'samples has shape [1, 4]; wanted is [n, 2]'],
  ])('of samples of shape %j is an error', (shape, message) => {
    const samples = tensor(new Float32Array(4), shape);
    expect(() => modeCoverage(samples, gaussianRing({ count: 1 }))).toThrow(error('CUDA_GAN_SHAPE', message));
  });

  test('of no samples is an error', () => {
    const none = tensor(new Float32Array(0), [0, 2]);
    expect(() => modeCoverage(none, gaussianRing({ count: 1 }))).toThrow(error('CUDA_GAN_SHAPE', 'n at least 1'));
  });

  test('answers junk with nothing but errors that have a code', async () => {
    const ring = gaussianRing({ count: 1 });
    await fc.assert(
      fc.asyncProperty(junk, (value) => onlyCodedErrors(() => modeCoverage(value as never, ring))),
      { numRuns: 300 },
    );
    await fc.assert(
      fc.asyncProperty(junk, (value) => onlyCodedErrors(() => modeCoverage(ring.points, value as never))),
      { numRuns: 300 },
    );
  });
});

test.each([
  [() => gaussianRing({ modes: 0 }), 'modes is 0; allowed are whole numbers from 1 to 1048576'],
  [() => gaussianRing({ radius: 0 }), 'radius is 0; allowed are finite numbers above 0'],
  [() => gaussianRing({ stddev: -1 }), 'stddev is -1; allowed are finite numbers above 0'],
  [() => gaussianGrid({ side: 1.5 }), 'side is 1.5; allowed are whole numbers from 1 to 1024'],
  [() => gaussianGrid({ count: 0 }), 'count is 0; allowed are whole numbers from 1 on'],
  [() => gaussianGrid({ seed: -1 }), 'seed is -1; allowed are whole numbers from 0 to 4294967295'],
] as const)('%s is an error', (call, message) => {
  expect(call).toThrow(error('CUDA_GAN_VALUE', message));
});
