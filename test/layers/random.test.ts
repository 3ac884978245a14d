// The layers that draw random numbers in training: dropout and noise.
import { describe, expect, test } from '@jest/globals';
import { layers, tensor } from '../../lib/index';
import { error } from '../support/errors';
import { applyLayer } from './apply-layer';

const size = 40_000;
const ones = tensor(new Float32Array(size).fill(1), [200, 200]);
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
/** Six standard errors of a mean of `size` numbers with this deviation: chance exceeds it once in 10⁹ times. */
const meanError = (deviation: number) => (6 * deviation) / Math.sqrt(size);

describe('dropout', () => {
  test.each([0.1, 0.3, 0.5, 0.9])('zeroes a share of %d and scales the others up', async (rate) => {
    const y = Array.from(await applyLayer(layers.dropout({ rate }), ones, { training: true }));
    const zeros = y.filter((value) => value === 0).length;
    expect(Math.abs(zeros / size - rate)).toBeLessThan(meanError(Math.sqrt(rate * (1 - rate))));
    const kept = Math.fround(1 / (1 - rate));
    // The scale itself and the product with it are rounded once each.
    expect(y.every((value) => value === 0 || Math.abs(value / kept - 1) <= 2 ** -23)).toBe(true);
  });

  test('draws another mask at every step, and the same one for the same step and seed', async () => {
    const layer = layers.dropout({ rate: 0.5 });
    const mask = (seed: number, step: number) => applyLayer(layer, ones, { training: true, seed, step });
    expect(await mask(1, 0)).toEqual(await mask(1, 0));
    expect(await mask(1, 0)).not.toEqual(await mask(1, 1));
    expect(await mask(1, 0)).not.toEqual(await mask(2, 0));
  });

  test('changes nothing in inference, nor at a rate of 0', async () => {
    expect(await applyLayer(layers.dropout({ rate: 0.5 }), ones)).toEqual(ones.data);
    expect(await applyLayer(layers.dropout({ rate: 0 }), ones, { training: true })).toEqual(ones.data);
  });

  test.each([-0.1, 1, Number.NaN])('a rate of %d is an error', (rate) => {
    expect(() => layers.dropout({ rate })).toThrow(
      error('CUDA_GAN_VALUE', `rate is ${rate}; allowed are numbers from 0 to below 1`),
    );
  });
});

describe('random translation', () => {
  const images = tensor(
    Float32Array.from({ length: 40 * 20 }, (_, i) => (i % 20 === 9 ? 1 : 0)),
    [40, 4, 5, 1],
  );
  const layer = () => layers.randomTranslation({ heightFactor: 0.25, widthFactor: 0.4 });

  test('moves each image by whole pixels of its own, in training, to every place within reach', async () => {
    const moved = Array.from(await applyLayer(layer(), images, { training: true }));
    const found = Array.from({ length: 40 }, (_, i) => moved.slice(20 * i, 20 * i + 20));
    // From row 1 and column 4 by up to one row and two columns: a column to the right it is outside.
    const places = [2, 3, 4].flatMap((column) => [0, 1, 2].map((row) => 5 * row + column));
    for (const image of found) {
      const place = image.indexOf(1);
      expect(image.filter((pixel) => pixel !== 0)).toEqual(place < 0 ? [] : [1]);
      if (place >= 0) expect(places).toContain(place);
    }
    const seen = new Set(found.map((image) => image.indexOf(1)));
    expect(seen.size).toBeGreaterThan(5);
    expect(seen).toContain(-1);
  });

  test('changes nothing in inference, nor by shares that come to no pixel', async () => {
    expect(await applyLayer(layer(), images)).toEqual(images.data);
    const still = layers.randomTranslation({ heightFactor: 0.1, widthFactor: 0 });
    expect(await applyLayer(still, images, { training: true })).toEqual(images.data);
  });

  test('is of images, and by shares of them', async () => {
    await expect(applyLayer(layer(), tensor([[1, 2]]))).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'randomTranslation needs images of [height, width, channels], found [2]'),
    );
    expect(() => layers.randomTranslation({ heightFactor: 2, widthFactor: 0 })).toThrow(
      error('CUDA_GAN_VALUE', 'heightFactor is 2; allowed are numbers from 0 to 1'),
    );
  });
});

describe('gaussian noise', () => {
  test('is added in training: mean 0, the deviation asked for', async () => {
    const y = Array.from(await applyLayer(layers.gaussianNoise({ stddev: 0.5 }), ones, { training: true }));
    const noise = y.map((value) => value - 1);
    expect(Math.abs(mean(noise))).toBeLessThan(meanError(0.5));
    // The variance of n² is 2 σ⁴.
    expect(Math.abs(mean(noise.map((value) => value ** 2)) - 0.25)).toBeLessThan(meanError(Math.SQRT2 * 0.25));
  });

  test('changes nothing in inference, nor at a deviation of 0', async () => {
    expect(await applyLayer(layers.gaussianNoise({ stddev: 1 }), ones)).toEqual(ones.data);
    expect(await applyLayer(layers.gaussianNoise({ stddev: 0 }), ones, { training: true })).toEqual(ones.data);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('a deviation of %d is an error', (stddev) => {
    expect(() => layers.gaussianNoise({ stddev })).toThrow(
      error('CUDA_GAN_VALUE', `stddev is ${stddev}; allowed are finite numbers from 0 on`),
    );
  });
});
