// Batch normalisation in training, in inference and frozen, held to Keras.
import { describe, expect, test } from '@jest/globals';
import type { Layer } from '../../lib/index';
import { input, layers, tensor } from '../../lib/index';
import { WeightStreams } from '../../lib/layers/layer';
import { error } from '../support/errors';
import { floats, keras, mismatches, u } from '../support/keras';
import { applyLayer } from './apply-layer';

const golden = keras.batchNormalization;
const x = floats(golden.x);
const weights = golden.weights.map(floats);

/**
 * Deviations from the mean are below 5 and come out with at most that size: 5 u per rounding. Keras and this package
 * each round sums of five, a root, a quotient and a product, 9 in all.
 */
const tolerance = () => 18 * 5 * u;

const weightsOf = (layer: Layer) => Promise.all(layer.weights.map((weight) => weight.read(weight.device!)));
const makeLayer = () => layers.batchNormalization({ momentum: 0.8 });

test('normalises with the statistics of the batch in training, and moves those it keeps', async () => {
  const layer = makeLayer();
  const y = await applyLayer(layer, x, { weights, training: true });
  expect(mismatches(y, golden.training.data, tolerance)).toEqual([]);
  const after = await weightsOf(layer);
  after.forEach((found, i) => {
    expect(mismatches(found, golden.trainedWeights[i]!.data, tolerance)).toEqual([]);
  });
});

test('normalises with the statistics it keeps in inference', async () => {
  const layer = makeLayer();
  const y = await applyLayer(layer, x, { weights });
  expect(mismatches(y, golden.inference.data, tolerance)).toEqual([]);
  expect(await weightsOf(layer)).toEqual(weights.map(({ data }) => data));
});

test('normalises by the batch when frozen too, and keeps everything as it is, bit for bit', async () => {
  const layer = layers.batchNormalization({ momentum: 0.8, trainable: false });
  const y = await applyLayer(layer, x, { weights, training: true });
  expect(mismatches(y, golden.training.data, tolerance)).toEqual([]);
  expect(await weightsOf(layer)).toEqual(weights.map(({ data }) => data));
});

test('starts with gamma 1, beta 0, mean 0 and variance 1, of which gamma and beta are trainable', async () => {
  const layer = layers.batchNormalization();
  await applyLayer(layer, tensor(new Float32Array(2), [1, 2]));
  expect(layer.namedWeights.map(([name]) => name)).toEqual(['gamma', 'beta', 'moving_mean', 'moving_variance']);
  expect(await weightsOf(layer)).toEqual(
    [
      [1, 1],
      [0, 0],
      [0, 0],
      [1, 1],
    ].map((values) => Float32Array.from(values)),
  );
  expect(layer.trainableWeights).toEqual(layer.weights.slice(0, 2));
});

test('has a momentum of 0.99 and an epsilon of 0.001 unless told otherwise', () => {
  expect(layers.batchNormalization().getConfig()).toMatchObject({ momentum: 0.99, epsilon: 1e-3 });
});

test('normalises over all axes but the last', async () => {
  const pixels = tensor(Float32Array.of(1, 10, 3, 10, 5, 30, 7, 30), [2, 2, 2]);
  const y = await applyLayer(layers.batchNormalization({ epsilon: 1e-12 }), pixels, { training: true });
  const deviation = Math.sqrt(5);
  const wanted = [-3 / deviation, -1, -1 / deviation, -1, 1 / deviation, 1, 3 / deviation, 1];
  expect(mismatches(y, wanted, () => 9 * 2 * u)).toEqual([]);
});

describe('errors', () => {
  test.each([-0.1, 1, Number.NaN])('a momentum of %d', (momentum) => {
    expect(() => layers.batchNormalization({ momentum })).toThrow(
      error('CUDA_GAN_VALUE', `momentum is ${momentum}; allowed are numbers from 0 to below 1`),
    );
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('an epsilon of %d', (epsilon) => {
    expect(() => layers.batchNormalization({ epsilon })).toThrow(error('CUDA_GAN_VALUE', `epsilon is ${epsilon}`));
  });

  test('samples that are single numbers', () => {
    expect(() => layers.batchNormalization().build([], new WeightStreams(1))).toThrow(
      error('CUDA_GAN_SHAPE', 'batch normalisation needs at least 1 dimension, found []'),
    );
  });
});

test('refuses int32, which nothing can be normalised in', () => {
  expect(() => makeLayer().apply(input({ shape: [3], dtype: 'int32' }))).toThrow(
    error('CUDA_GAN_VALUE', 'batch_normalization: normalize works on float32, not on int32'),
  );
});
