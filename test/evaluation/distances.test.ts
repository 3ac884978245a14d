// Fréchet and kernel distance, held to NumPy and SciPy, and to what must hold for any sets.
import { describe, expect, test } from '@jest/globals';
import { requireRows } from '../../lib/evaluation/features';
import { interceptOf } from '../../lib/evaluation/frechet-distance';
import { squaredDiscrepancy } from '../../lib/evaluation/kernel-distance';
import { combined, momentsOf } from '../../lib/evaluation/moments';
import { metrics, tensor } from '../../lib/index';
import { error } from '../support/errors';
import { floats, golden, isNear, normals } from '../support/metrics';

describe.each(golden.features)('$name', ({ samples, reference, frechet, discrepancy }) => {
  test('the Fréchet distance is that of SciPy', async () => {
    const { value } = await metrics.frechetDistance(floats(samples), floats(reference), { resamples: 20 });
    expect(isNear(value, frechet)).toBe(true);
  });

  test('the squared discrepancy is that of NumPy', () => {
    const [x, y] = [Float64Array.from(samples.data), Float64Array.from(reference.data)];
    const value = squaredDiscrepancy(x, y.subarray(0, x.length), samples.shape[1]!);
    // What is left of sums of kernels, each rounded as often as it has summands.
    const largest = (x.reduce((most, number) => Math.max(most, number ** 2), 0) + 1) ** 3;
    expect(Math.abs(value - discrepancy)).toBeLessThan(1e-9 * Math.abs(discrepancy) + 2 ** -52 * x.length * largest);
  });

  test('a set has the Fréchet distance 0 to itself', async () => {
    const set = floats(samples);
    const { value } = await metrics.frechetDistance(set, set, { resamples: 20 });
    const { root } = momentsOf(
      requireRows('set', set),
      Int32Array.from({ length: set.shape[0]! }, (_, i) => i),
    );
    // Rounding errors of the three traces.
    expect(value).toBeLessThan(1e-12 * root.reduce((sum, number) => sum + number ** 2, 0));
  });
});

describe('the Fréchet distance', () => {
  test('of single Gaussians is known', async () => {
    // N(0, 1) and N(1, 1) in four dimensions: 4. The standard deviation for 4000 samples is 2 · √(2 / 4000) · √4 = 0.09.
    const { value, low, high } = await metrics.frechetDistance(
      normals(4000, 4),
      normals(4000, 4, { mean: 1, seed: 5 }),
    );
    expect(Math.abs(value - 4)).toBeLessThan(0.36);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(high - low).toBeGreaterThan(0.1);
    expect(high - low).toBeLessThan(0.8);
  });

  test('is biased by few samples, and less so extrapolated', async () => {
    const [few, data] = [normals(600, 16), normals(4000, 16, { seed: 9 })];
    const { value, extrapolated } = await metrics.frechetDistance(few, data, { extrapolate: true, resamples: 20 });
    // The same distribution: what is not 0 is bias.
    expect(value).toBeGreaterThan(0.05);
    expect(Math.abs(extrapolated!)).toBeLessThan(value / 2);
  });

  test('extrapolates along the line of least squares', () => {
    expect(interceptOf([1, 2, 4, 5].map((x) => [x, 3 + 2 * x]))).toBeCloseTo(3, 12);
    expect(interceptOf([0.1, 0.2, 0.3].map((x, i) => [x, [1, 3, 2][i]!]))).toBeCloseTo(1, 12);
  });

  test('is the same for the same seed, and its interval another for another', async () => {
    const sets = [normals(60, 3), normals(60, 3, { seed: 2 })] as const;
    const first = await metrics.frechetDistance(...sets, { seed: 1 });
    expect(await metrics.frechetDistance(...sets, { seed: 1 })).toEqual(first);
    const other = await metrics.frechetDistance(...sets, { seed: 2 });
    expect(other.value).toBe(first.value);
    expect(other.high).not.toBe(first.high);
  });

  test('says how many samples it is of', async () => {
    const figure = await metrics.frechetDistance(normals(30, 3), normals(40, 3));
    expect(figure).toMatchObject({ samples: 30, reference: 40, confidence: 0.95 });
  });

  test('needs more samples than features, and ten times as many to be extrapolated', async () => {
    const needs = (count: number, options?: metrics.FrechetDistanceOptions) =>
      metrics.frechetDistance(normals(count, 8), normals(90, 8), options);
    await expect(needs(8)).rejects.toThrow(
      error('CUDA_GAN_DATA', 'samples has 8 samples; the Fréchet distance of 8 features needs at least 9'),
    );
    await expect(needs(9)).resolves.toMatchObject({ samples: 9 });
    await expect(needs(89, { extrapolate: true })).rejects.toThrow(
      error('CUDA_GAN_DATA', 'extrapolated, needs at least 90'),
    );
  });
});

test('moments of parts make those of the whole', () => {
  const rows = requireRows('rows', normals(50, 5, { mean: 3 }));
  const numbers = Int32Array.from({ length: 50 }, (_, i) => i);
  const whole = momentsOf(rows, numbers);
  const parts = combined(
    [numbers.subarray(0, 7), numbers.subarray(7, 30), numbers.subarray(30)].map((part) => momentsOf(rows, part)),
  );
  expect(parts.count).toBe(50);
  parts.mean.forEach((mean, j) => {
    expect(mean).toBeCloseTo(whole.mean[j]!, 12);
  });
  // A triangular root is unique but for the signs of its rows.
  parts.root.forEach((number, i) => {
    expect(Math.abs(number)).toBeCloseTo(Math.abs(whole.root[i]!), 11);
  });
});

describe('the kernel distance', () => {
  const [samples, data] = [normals(400, 6), normals(400, 6, { mean: 0.5, seed: 3 })];

  test('is the mean of subsets, with their spread', async () => {
    const figure = await metrics.kernelDistance(samples, data, { subsetSize: 100, subsets: 50 });
    // Of the distributions: the mean over many subsets agrees with that of the whole sets within its interval.
    const whole = squaredDiscrepancy(Float64Array.from(samples.data), Float64Array.from(data.data), 6);
    expect(figure.low).toBeLessThan(whole);
    expect(figure.high).toBeGreaterThan(whole);
    expect(figure.spread).toBeGreaterThan(0);
    expect(figure).toMatchObject({ subsets: 50, subsetSize: 100 });
  });

  test('of two sets of one distribution has 0 in its interval', async () => {
    const { low, high } = await metrics.kernelDistance(samples, normals(400, 6, { seed: 8 }), {
      subsetSize: 100,
      confidence: 0.999,
    });
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
  });

  test('needs two subsets of samples', async () => {
    await expect(metrics.kernelDistance(samples, data)).rejects.toThrow(
      error('CUDA_GAN_DATA', 'samples has 400 samples; the kernel distance over subsets of 1000 needs at least 2000'),
    );
  });
});

describe.each([
  ['frechetDistance', metrics.frechetDistance],
  ['kernelDistance', metrics.kernelDistance],
  ['precisionRecall', metrics.precisionRecall],
  ['densityCoverage', metrics.densityCoverage],
] as const)('%s', (_, figure) => {
  const good = normals(40, 3);

  test('refuses features of another dimension', async () => {
    await expect(figure(good, normals(40, 4))).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'samples has 3 numbers a sample, reference has 4: they must be alike'),
    );
  });

  test('refuses what are no features', async () => {
    await expect(figure(tensor(new Float32Array(12), [3, 2, 2]), good)).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'samples has shape [3, 2, 2]; wanted is [n, features]'),
    );
  });

  test('refuses numbers that are not finite', async () => {
    const bad = normals(40, 3);
    bad.data[7] = Number.NaN;
    await expect(figure(good, bad)).rejects.toThrow(error('CUDA_GAN_DATA', 'reference contains NaN in sample 2'));
  });
});
