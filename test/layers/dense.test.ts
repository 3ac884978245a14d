// The fully connected layer, held to Keras.
import { describe, expect, test } from '@jest/globals';
import { initializers, layers, tensor } from '../../lib/index';
import { WeightStreams } from '../../lib/layers/layer';
import { error } from '../support/errors';
import { floats, keras, mismatches, u } from '../support/keras';
import { applyLayer } from './apply-layer';

/** Sums of three products and a bias, together below 8 in size: four roundings here, four there, two for tanh. */
const tolerance = () => 10 * u * 8;

test.each(keras.dense)('equals Keras: activation $activation, bias $useBias, x $x.shape', async (golden) => {
  const { useBias, activation, x, weights, y } = golden;
  const layer = layers.dense({ units: 2, useBias, activation });
  const found = await applyLayer(layer, floats(x), { weights: weights.map(floats) });
  expect(mismatches(found, y.data, tolerance)).toEqual([]);
  expect(layer.outputShape).toEqual(y.shape.slice(1));
});

test('has a kernel [inputs, units] and a bias [units], both trainable', () => {
  const layer = layers.dense({ units: 5 });
  layer.build([3], new WeightStreams(1));
  expect(layer.namedWeights.map(([name, { shape }]) => [name, shape])).toEqual([
    ['kernel', [3, 5]],
    ['bias', [5]],
  ]);
  expect(layer.trainableWeights).toEqual(layer.weights);
  layer.trainable = false;
  expect(layer.trainableWeights).toEqual([]);
});

test('starts from its initializers', async () => {
  const layer = layers.dense({
    units: 2,
    kernelInitializer: initializers.constant({ value: 3 }),
    biasInitializer: 'ones',
  });
  expect(await applyLayer(layer, tensor(Float32Array.of(1, 2), [1, 2]))).toEqual(Float32Array.of(10, 10));
});

test('starts, unless told otherwise, within the limits of Glorot and with a bias of 0', async () => {
  const layer = layers.dense({ units: 2 });
  const y = await applyLayer(layer, tensor(new Float32Array(4).fill(0), [1, 4]));
  expect(y).toEqual(new Float32Array(2));
  const kernel = await layer.weights[0]!.read(layer.weights[0]!.device!);
  expect(kernel.some((value) => value !== 0)).toBe(true);
  expect(kernel.every((value) => Math.abs(value) <= Math.fround(Math.sqrt(6 / (4 + 2))))).toBe(true);
});

describe('errors', () => {
  test.each([0, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY])('%d units', (units) => {
    expect(() => layers.dense({ units })).toThrow(
      error('CUDA_GAN_VALUE', `units is ${units}; allowed are whole numbers from 1 on`),
    );
  });

  test.each([0, 2.5, Number.NaN])('an inputShape with %d', (dimension) => {
    expect(() => layers.dense({ units: 1, inputShape: [3, dimension] })).toThrow(
      error('CUDA_GAN_VALUE', `a dimension of inputShape is ${dimension}`),
    );
  });

  test('samples that are single numbers', () => {
    expect(() => layers.dense({ units: 1 }).build([], new WeightStreams(1))).toThrow(
      error('CUDA_GAN_SHAPE', 'dense needs at least 1 dimension, found []'),
    );
  });

  test('shapes before they are known', () => {
    const layer = layers.dense({ units: 1, name: 'first' });
    const wanted = error('CUDA_GAN_STATE', 'layer "first" has no shapes yet: give the first layer an inputShape');
    expect(() => layer.inputShape).toThrow(wanted);
    expect(() => layer.outputShape).toThrow(wanted);
  });
});
