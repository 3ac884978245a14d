// Activation functions and the layers made of them, held to Keras.
import { describe, expect, test } from '@jest/globals';
import { layers } from '../../lib/index';
import type { ActivationName } from '../../lib/layers/activations';
import { error } from '../support/errors';
import { floats, keras, mismatches, u } from '../support/keras';
import { applyLayer } from './apply-layer';

const { x, functions, layers: layersOf } = keras.activations;

/**
 * The inputs are at most 30. Where the two libraries round an argument of the exponential function differently, by u · 60
 * (the spread of a softmax), the results differ by that, relatively; 16 u are left for the functions themselves.
 */
const tolerance = (value: number) => 76 * u * Math.abs(value);

test.each(Object.keys(functions))('the activation %s equals that of Keras', async (name) => {
  const layer = layers.activation({ activation: name as ActivationName });
  expect(mismatches(await applyLayer(layer, floats(x)), functions[name]!.data, tolerance)).toEqual([]);
});

test.each([
  ['leakyReLU', layers.leakyReLU()],
  ['leakyReLU 0.2', layers.leakyReLU({ negativeSlope: 0.2 })],
  ['leakyReLU 0.2', layers.leakyReLU({ alpha: 0.2 })],
  ['reLU', layers.reLU()],
  ['elu', layers.elu()],
  ['elu 0.5', layers.elu({ alpha: 0.5 })],
  ['softmax', layers.softmax()],
])('the layer %s equals that of Keras, in training as in inference', async (name, layer) => {
  for (const training of [false, true]) {
    expect(mismatches(await applyLayer(layer, floats(x), { training }), layersOf[name]!.data, tolerance)).toEqual([]);
  }
  expect(layer.outputShape).toEqual([5]);
});

describe('errors', () => {
  test('an unknown activation lists those there are', () => {
    const activation = 'swoosh' as ActivationName;
    const wanted = error(
      'CUDA_GAN_VALUE',
      'unknown activation "swoosh"; allowed are linear, relu, leakyRelu, elu, tanh',
    );
    expect(() => layers.activation({ activation })).toThrow(wanted);
    expect(() => layers.dense({ units: 2, activation })).toThrow(wanted);
  });

  test.each([-0.1, Number.NaN, Number.POSITIVE_INFINITY])('a negative slope of %d', (negativeSlope) => {
    expect(() => layers.leakyReLU({ negativeSlope })).toThrow(
      error('CUDA_GAN_VALUE', `negativeSlope is ${negativeSlope}; allowed are finite numbers from 0 on`),
    );
  });

  test.each([0, -1, Number.NaN])('an alpha of %d for elu', (alpha) => {
    expect(() => layers.elu({ alpha })).toThrow(
      error('CUDA_GAN_VALUE', `alpha is ${alpha}; allowed are finite numbers above 0`),
    );
  });
});
