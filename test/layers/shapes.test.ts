// The layers that only change shapes.
import { describe, expect, test } from '@jest/globals';
import { layers, tensor } from '../../lib/index';
import { WeightStreams } from '../../lib/layers/layer';
import { error } from '../support/errors';
import { applyLayer } from './apply-layer';

const x = tensor(
  Float32Array.from({ length: 24 }, (_, i) => i),
  [2, 3, 4],
);

test('flatten makes every sample a vector, row by row', async () => {
  const layer = layers.flatten();
  expect(await applyLayer(layer, x)).toEqual(x.data);
  expect(layer.outputShape).toEqual([12]);
});

test('flatten makes a single number a vector of one', () => {
  const layer = layers.flatten();
  layer.build([], new WeightStreams(1));
  expect(layer.outputShape).toEqual([1]);
});

test.each([
  [
    [2, 6],
    [2, 6],
  ],
  [[-1], [12]],
  [
    [2, -1, 3],
    [2, 2, 3],
  ],
])('reshape to %j gives samples of %j, elements in the same order', async (targetShape, outputShape) => {
  const layer = layers.reshape({ targetShape });
  expect(await applyLayer(layer, x)).toEqual(x.data);
  expect(layer.outputShape).toEqual(outputShape);
});

describe('errors of reshape', () => {
  test.each([[[5]], [[5, -1]], [[0, -1]]])('to %j, which does not fit: the message has both shapes', (targetShape) => {
    expect(() => layers.reshape({ targetShape }).build([3, 4], new WeightStreams(1))).toThrow(
      error('CUDA_GAN_SHAPE', `cannot reshape samples of [3, 4] (12 elements) to [${targetShape.join(', ')}]`),
    );
  });

  test.each([[[-1, -1]], [[1.5]], [[-2]], [[Number.NaN]]])('to %j, which is no shape', (targetShape) => {
    expect(() => layers.reshape({ targetShape })).toThrow(
      error('CUDA_GAN_VALUE', `targetShape is [${targetShape.join(', ')}]; allowed are whole numbers from 0 on`),
    );
  });
});
