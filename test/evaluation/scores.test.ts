// Classifier score, class histogram, sharpness and intervals, held to NumPy and SciPy.
import { describe, expect, test } from '@jest/globals';
import { bootstrapMean, planInterval } from '../../lib/evaluation/intervals';
import { normalQuantile } from '../../lib/evaluation/normal-quantile';
import { upperGamma } from '../../lib/evaluation/upper-gamma';
import { metrics, tensor } from '../../lib/index';
import { error } from '../support/errors';
import { floats, golden, isNear, normals } from '../support/metrics';

describe('the classifier score', () => {
  test('is that of NumPy', async () => {
    const { value, low, high } = await metrics.classifierScore(floats(golden.probabilities));
    expect(isNear(value, golden.classifierScore)).toBe(true);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  });

  test('is the number of classes for samples that are certain and even, and 1 for samples that are all alike', async () => {
    const one = (label: number) => [0, 1, 2].map((i) => (i === label ? 1 : 0));
    const even = Array.from({ length: 30 }, (_, i) => one(i % 3));
    expect((await metrics.classifierScore(tensor(even))).value).toBeCloseTo(3, 12);
    expect((await metrics.classifierScore(tensor(even.map(() => one(1))))).value).toBeCloseTo(1, 12);
  });

  test('refuses what are no probabilities', async () => {
    await expect(metrics.classifierScore(normals(50, 2, { mean: 9 }))).rejects.toThrow(
      error('CUDA_GAN_DATA', 'wanted are probabilities, which add up to 1: the outputs of a softmax'),
    );
    await expect(metrics.classifierScore(tensor([[1.5, -0.5]]))).rejects.toThrow(
      error('CUDA_GAN_DATA', 'row 0 of probabilities contains -0.5'),
    );
    await expect(metrics.classifierScore(tensor([[1]]))).rejects.toThrow(error('CUDA_GAN_SHAPE', 'has 1 class'));
  });

  test('needs ten samples of each class', async () => {
    await expect(metrics.classifierScore(tensor([[0.5, 0.5]]))).rejects.toThrow(
      error('CUDA_GAN_DATA', 'probabilities has 1 sample; the classifier score of 2 classes needs at least 20'),
    );
  });
});

test('classesOf takes the greatest probability, of equal ones the first', () => {
  expect([
    ...metrics.classesOf(
      tensor([
        [0.1, 0.7, 0.2],
        [0.4, 0.2, 0.4],
      ]),
    ).data,
  ]).toEqual([1, 0]);
});

describe('the class histogram', () => {
  const labels = (numbers: readonly number[]) => tensor(Int32Array.from(numbers));

  test('has the χ² of SciPy', async () => {
    const { samples, reference, chiSquare, pValue, degreesOfFreedom } = golden.histogram;
    const found = await metrics.classHistogram(labels(samples), labels(reference));
    expect(isNear(found.chiSquare, chiSquare)).toBe(true);
    expect(isNear(found.pValue, pValue)).toBe(true);
    expect(found.degreesOfFreedom).toBe(degreesOfFreedom);
    expect(found.counts.reduce((sum, count) => sum + count, 0)).toBe(samples.length);
  });

  test('of equal shares has χ² 0', async () => {
    const even = Array.from({ length: 60 }, (_, i) => i % 3);
    expect(await metrics.classHistogram(labels(even), labels([...even, ...even]))).toMatchObject({
      counts: Int32Array.of(20, 20, 20),
      reference: Int32Array.of(40, 40, 40),
      chiSquare: 0,
      pValue: 1,
      degreesOfFreedom: 2,
    });
  });

  test('leaves out classes that occur nowhere', async () => {
    const even = labels(Array.from({ length: 60 }, (_, i) => i % 2));
    const { counts, degreesOfFreedom } = await metrics.classHistogram(even, even, { classes: 10 });
    expect(counts.length).toBe(10);
    expect(degreesOfFreedom).toBe(1);
  });

  test('refuses too few samples, and what are no classes', async () => {
    await expect(metrics.classHistogram(labels([0, 1]), labels([0, 1]))).rejects.toThrow(
      error('CUDA_GAN_DATA', 'samples are so few that 1.0 of class 0 are expected; χ² needs at least 5 of each'),
    );
    await expect(metrics.classHistogram(labels([3]), labels([0]), { classes: 3 })).rejects.toThrow(
      error('CUDA_GAN_DATA', 'samples contains 3 at index 0; the classes are 0 to 2'),
    );
    const ones = labels(new Array<number>(50).fill(1));
    await expect(metrics.classHistogram(ones, ones)).rejects.toThrow(error('CUDA_GAN_DATA', 'all of one class'));
    await expect(metrics.classHistogram(tensor([[0.5, 0.5]]), ones)).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'samples has shape [1, 2]; wanted are class numbers [n]'),
    );
  });
});

describe('sharpness', () => {
  const { sharpness } = golden;
  const samples = floats(sharpness.samples);
  const reference = tensor(Uint8Array.from(sharpness.reference.data), sharpness.reference.shape);

  test.each(['gradientEnergy', 'laplacianVariance'] as const)('%s is that of NumPy', async (name) => {
    const [own, wanted] = sharpness[name];
    const figure = (await metrics.sharpness(samples, reference))[name];
    expect(isNear(figure.samples, own)).toBe(true);
    expect(isNear(figure.reference, wanted)).toBe(true);
    expect(isNear(figure.ratio.value, own / wanted)).toBe(true);
    expect(figure.ratio.low).toBeLessThan(figure.ratio.value);
    expect(figure.ratio.high).toBeGreaterThan(figure.ratio.value);
  });

  test('does not depend on the numbers that black and white are', async () => {
    const unit = tensor(
      Float32Array.from(samples.data, (value) => value / 2 + 0.5),
      samples.shape,
    );
    const [a, b] = [
      await metrics.sharpness(samples, reference),
      await metrics.sharpness(unit, reference, { range: [0, 1] }),
    ];
    expect(isNear(a.gradientEnergy.ratio.value, b.gradientEnergy.ratio.value)).toBe(true);
  });

  test('of images without a last axis is that of one channel', async () => {
    const grey = tensor(
      new Uint8Array(20 * 16).map((_, i) => (i * i) % 251),
      [20, 4, 4],
    );
    const one = await metrics.sharpness(grey, grey);
    expect(one.laplacianVariance.ratio.value).toBe(1);
    expect(await metrics.sharpness({ ...grey, shape: [20, 4, 4, 1] }, grey)).toEqual(one);
  });

  test('refuses images of another size, of two pixels, of int32, too few, and data without edges', async () => {
    const images = (shape: readonly number[]) => tensor(new Float32Array(shape.reduce((a, b) => a * b)), shape);
    await expect(metrics.sharpness(samples, images([30, 6, 6, 2]))).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'samples are images of [6, 5, 2], reference of [6, 6, 2]'),
    );
    await expect(metrics.sharpness(images([30, 2, 6]), images([30, 2, 6]))).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'images are 2 x 6 pixels; sharpness needs at least 3 x 4'),
    );
    await expect(metrics.sharpness(tensor(new Int32Array(9), [1, 3, 3]), samples)).rejects.toThrow(
      error('CUDA_GAN_DATA', 'samples holds int32'),
    );
    await expect(metrics.sharpness(images([19, 3, 4]), images([20, 3, 4]))).rejects.toThrow(
      error('CUDA_GAN_DATA', 'samples has 19 samples; sharpness needs at least 20'),
    );
    await expect(metrics.sharpness(images([20, 3, 4]), images([20, 3, 4]))).rejects.toThrow(
      error('CUDA_GAN_DATA', 'reference has no edges'),
    );
  });
});

describe('intervals', () => {
  const plan = (seed: number) => planInterval({ seed, resamples: 400 });
  /** Bootstrap means of n values have a standard deviation of σ / √n: 95 % of them lie in 2 · 1.96 of it. */
  test('of a mean are as wide as the standard error says', async () => {
    const { data } = normals(2500, 1);
    const { value, low, high } = await bootstrapMean(data, plan(1));
    const deviation = Math.sqrt(data.reduce((sum, number) => sum + (number - value) ** 2, 0) / data.length);
    // The ends of 400 resamples are quantiles with an error of a tenth each.
    expect(Math.abs((high - low) / ((2 * 1.96 * deviation) / 50) - 1)).toBeLessThan(0.2);
  });

  test('hold the true mean about as often as they say', async () => {
    let held = 0;
    for (let i = 0; i < 100; i++) {
      const { low, high } = await bootstrapMean(
        normals(100, 1, { seed: 1000 * i + 7 }).data,
        planInterval({ resamples: 100 }),
      );
      if (low <= 0 && high >= 0) held++;
    }
    // Of 100 trials of 0.95: five standard deviations.
    expect(held).toBeGreaterThan(84);
  });

  test('are wider for more confidence', async () => {
    const { data } = normals(100, 1);
    const widthFor = async (confidence: number) => {
      const { low, high } = await bootstrapMean(data, planInterval({ confidence }));
      return high - low;
    };
    expect(await widthFor(0.99)).toBeGreaterThan(await widthFor(0.8));
  });
});

test.each(golden.upperGamma)('Q(%d, %d) is that of SciPy', (a, x, wanted) => {
  expect(Math.abs(upperGamma(a, x) - wanted)).toBeLessThanOrEqual(1e-12 + 1e-11 * wanted);
});

test.each(golden.normalQuantiles)('the quantile of %d is that of SciPy', (probability, wanted) => {
  expect(normalQuantile(probability)).toBeCloseTo(wanted, 10);
});
