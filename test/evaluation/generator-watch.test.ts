// Samples measured again and again against data that was measured once.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { resolveDevice } from '../../lib/devices/select';
import { GeneratorWatch, someOfReference } from '../../lib/evaluation/generator-watch';
import { rowsAt } from '../../lib/evaluation/subsets';
import { datasets, input, layers, metrics, model, type Tensor, tensor } from '../../lib/index';
import { error } from '../support/errors';

const device = resolveDevice('cpu');
const names = { reference: 'reference', count: 'count' };
let digits: Tensor<Uint8Array>;
let watch: GeneratorWatch;

/** Rows [begin, end) of the test set. */
function rows(begin: number, end: number): Tensor<Uint8Array> {
  return rowsAt(
    digits,
    Int32Array.from({ length: end - begin }, (_, i) => begin + i),
  );
}

const watchOf = (images: Tensor, network?: metrics.FeatureNetwork, count = 100) =>
  GeneratorWatch.open({ reference: { images }, count, network, device, range: [-1, 1], names });

beforeAll(async () => {
  digits = (await datasets.mnist({ split: 'test' })).images;
  watch = await watchOf(rows(0, 150));
});
afterAll(() => watch.dispose());

test('the figures are the values of those with intervals', async () => {
  const network = await metrics.digitFeatures({ device });
  const { features, probabilities } = await network.measure(rows(200, 300));
  const reference = (await network.measure(rows(0, 150))).features;
  const { precision, recall } = await metrics.precisionRecall(features, reference);
  const figures = await watch.measure(rows(200, 300));
  expect(figures).toEqual({
    frechetDistance: (await metrics.frechetDistance(features, reference)).value,
    precision: precision.value,
    recall: recall.value,
    classifierScore: (await metrics.classifierScore(probabilities!)).value,
  });
  expect(Object.keys(figures)).toEqual(watch.figures);
  network.dispose();
});

test('the reference is at a distance of nothing from itself', async () => {
  const { frechetDistance, precision, recall } = await watch.measure(rows(0, 150));
  // Rounding of float64, of distances of some hundreds.
  expect(frechetDistance).toBeLessThan(1e-9);
  expect([precision, recall]).toEqual([1, 1]);
});

test('one measurement does not depend on those before it', async () => {
  const first = await watch.measure(rows(300, 400));
  await watch.measure(rows(500, 600));
  expect(await watch.measure(rows(300, 400))).toEqual(first);
});

test('samples with a number that is not finite have no figures', async () => {
  const data = new Float32Array(100 * 28 * 28).fill(0.5);
  data[5] = Number.NaN;
  expect(await watch.measure(tensor(data, [100, 28, 28, 1]))).toEqual({});
});

describe('images of the reference', () => {
  const images = tensor(
    Float32Array.from({ length: 20 }, (_, i) => i),
    [20, 1],
  );
  const labels = tensor(
    Int32Array.from({ length: 20 }, (_, i) => i),
    [20],
  );

  test('are the same for the same seed, with their classes', () => {
    const some = someOfReference({ images, labels }, 8, 3);
    expect(some).toEqual(someOfReference({ images, labels }, 8, 3));
    expect(some).not.toEqual(someOfReference({ images, labels }, 8, 4));
    expect([...some.images.data]).toEqual([...some.labels!.data]);
    expect(new Set(some.images.data).size).toBe(8);
  });

  test('are all, where there are no more', () => {
    const some = someOfReference({ images }, 30, 3);
    expect([...some.images.data].sort((a, b) => a - b)).toEqual([...images.data]);
    expect(some.labels).toBeUndefined();
  });
});

describe('refuses', () => {
  test('too few images, or samples', async () => {
    await expect(watchOf(rows(0, 64))).rejects.toThrow(
      error('CUDA_GAN_DATA', 'reference has 64 samples; the Fréchet distance of 64 features needs at least 65'),
    );
    await expect(watchOf(rows(0, 100), undefined, 99)).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'count is 99; figures by 64 features and 10 classes need at least 100 samples'),
    );
  });

  test('images that the network does not take', async () => {
    await expect(watchOf(tensor(new Uint8Array(1600), [100, 4, 4, 1]))).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'images are [4, 4, 1]; the feature network digits 1 takes [28, 28, 1]'),
    );
  });

  test('a second output that is no probabilities, before anything is measured', async () => {
    const image = input({ shape: [28, 28, 1] });
    const flat = layers.flatten().apply(image);
    const outputs = {
      features: layers.dense({ units: 3 }).apply(flat),
      classes: layers.dense({ units: 2 }).apply(flat),
    };
    const network = new metrics.FeatureNetwork(model({ inputs: image, outputs, seed: 1 }), { name: 'a', version: '1' });
    await expect(watchOf(rows(0, 100), network)).rejects.toThrow(
      error('CUDA_GAN_DATA', 'of the second output of the feature network'),
    );
  });
});
