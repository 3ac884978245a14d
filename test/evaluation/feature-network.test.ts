// Networks that features come from: the package's, and a user's own.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { digitNetwork } from '../../lib/evaluation/digit-features';
import { model as connect, datasets, input, layers, metrics, Sequential, tensor } from '../../lib/index';
import { error } from '../support/errors';

const file = join(__dirname, '../../weights', `${digitNetwork.name}-${digitNetwork.version}.safetensors`);

describe('the digit features', () => {
  test('are of the weights that this version had first: other weights want another version', () => {
    expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(
      '0dcc8008ece8f66e859d60c0e6d71347342361bcc52b5a2131e31660eb5b4bc6',
    );
    expect(readFileSync(file).length).toBeLessThan(2 ** 20);
  });

  test('are of a network with the accuracy that it states', async () => {
    const { images, labels } = await datasets.mnist({ split: 'test' });
    const network = await metrics.digitFeatures();
    const { features, probabilities } = await network.measure(images);
    expect(features.shape).toEqual([10000, network.dimension]);
    const classes = metrics.classesOf(probabilities!).data;
    const right = classes.filter((label, i) => label === labels.data[i]).length;
    // Instruction sets may differ by rounding, which may turn an image that stands on the edge.
    expect(Math.abs(right / 10000 - network.identity.testAccuracy!)).toBeLessThanOrEqual(1e-4);
    network.dispose();
  });

  test('know what they take, and refuse other images', async () => {
    const network = await metrics.digitFeatures();
    expect(network).toMatchObject({ imageShape: [28, 28, 1], dimension: 64, classes: 10 });
    expect(network.identity).toMatchObject({ name: 'digits', version: '1' });
    await expect(network.measure(tensor(new Uint8Array(3072), [1, 32, 32, 3]))).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'images are [32, 32, 3]; the feature network digits 1 takes [28, 28, 1]'),
    );
  });

  test('are the same of images before and after they were saved as bytes', async () => {
    const network = await metrics.digitFeatures();
    const drawn = tensor(
      Float32Array.from({ length: 784 }, (_, i) => Math.sin(i) * 1.1),
      [1, 28, 28, 1],
    );
    const saved = tensor(
      Uint8Array.from(drawn.data, (value) => Math.round(255 * Math.min(1, Math.max(0, value / 2 + 0.5)))),
      [1, 28, 28],
    );
    expect(await network.measure(drawn)).toEqual(await network.measure(saved));
  });
});

describe('a network of the user', () => {
  const image = input({ shape: [2, 2, 1] });
  const flat = layers.flatten().apply(image);
  const identity = { name: 'pixels', version: '3' };

  test('may make features alone, in the range that its model has', async () => {
    const network = new metrics.FeatureNetwork(connect({ inputs: image, outputs: flat, pixelRange: [0, 1] }), identity);
    const { features, probabilities } = await network.measure(tensor(Uint8Array.of(0, 51, 102, 255), [1, 2, 2, 1]));
    expect([...features.data].map((value) => value.toFixed(3))).toEqual(['0.000', '0.200', '0.400', '1.000']);
    expect(probabilities).toBeUndefined();
    expect(network.identity).toEqual(identity);
    expect(network.classes).toBeUndefined();
  });

  test.each(['a list', 'a record'])('may have probabilities too, in %s of outputs', async (form) => {
    const probabilities = layers.dense({ units: 3, activation: 'softmax' }).apply(flat);
    const outputs = form === 'a list' ? [flat, probabilities] : { features: flat, probabilities };
    const network = new metrics.FeatureNetwork(connect({ inputs: image, outputs }), { ...identity, testAccuracy: 0.5 });
    const measured = await network.measure(tensor(new Float32Array(8), [2, 2, 2, 1]), { range: [0, 1] });
    expect(measured.features.shape).toEqual([2, 4]);
    expect(measured.probabilities?.shape).toEqual([2, 3]);
    expect(network.classes).toBe(3);
  });

  test('must be a model of images to features', () => {
    const make = (model: unknown) => () => new metrics.FeatureNetwork(model as Sequential, identity);
    const dense = (inputShape: number[]) =>
      new Sequential({ name: 'one', layers: [layers.dense({ units: 2, inputShape })] });
    expect(make(dense([3]))).toThrow(
      error('CUDA_GAN_VALUE', 'model "one" makes [2] of [3]; wanted is one input [height, width, channels]'),
    );
    expect(make(dense([2, 2, 3]))).toThrow(error('CUDA_GAN_VALUE', 'model "one" makes [2, 2, 2] of [2, 2, 3]'));
    expect(make(new Sequential())).toThrow(error('CUDA_GAN_VALUE', 'wanted is a model with layers'));
    expect(make(3)).toThrow(error('CUDA_GAN_VALUE', 'a feature network is made of 3'));
  });
});

test('an unknown device is refused before anything is read', async () => {
  await expect(metrics.digitFeatures({ device: 'abacus' as 'cpu' })).rejects.toThrow(
    error('CUDA_GAN_VALUE', 'unknown device "abacus"'),
  );
});
