// Layers on images: what Keras has no numbers for, and what they refuse.
import { describe, expect, test } from '@jest/globals';
import { input, type Layer, layers, tensor } from '../../lib/index';
import { WeightStreams } from '../../lib/layers/layer';
import { RandomStream } from '../../lib/random/random-stream';
import { sizeOf } from '../../lib/tensor';
import { error } from '../support/errors';
import { u } from '../support/keras';
import { applyLayer } from './apply-layer';

function randomImages(...shape: number[]) {
  const random = new RandomStream(3, 0);
  return tensor(
    Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
    shape,
  );
}

describe('minibatchStdDev', () => {
  test('appends the mean deviation of a group, the same to all of its samples and places', async () => {
    const x = randomImages(6, 2, 3, 4);
    const found = await applyLayer(layers.minibatchStdDev({ groupSize: 3 }), x);
    // Six samples in groups of three: samples 0, 2, 4 and 1, 3, 5.
    const deviationOf = (members: number[]) => {
      let total = 0;
      for (let i = 0; i < 24; i++) {
        const values = members.map((member) => x.data[member * 24 + i]!);
        const mean = values.reduce((sum, value) => sum + value) / 3;
        total += Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3 + 1e-8);
      }
      return total / 24;
    };
    const wanted = [deviationOf([0, 2, 4]), deviationOf([1, 3, 5])];
    for (let place = 0; place < 6 * 2 * 3; place++) {
      const sample = Math.floor(place / 6);
      for (let c = 0; c < 4; c++) expect(found[place * 5 + c]).toBe(x.data[place * 4 + c]);
      expect(Math.abs(found[place * 5 + 4]! - wanted[sample % 2]!)).toBeLessThanOrEqual(32 * u);
    }
  });

  test('compares as many samples as divide the batch', async () => {
    const x = randomImages(7, 1, 1, 1);
    const found = await applyLayer(layers.minibatchStdDev({ groupSize: 4 }), x);
    // Seven is a prime: every sample is alone, and differs from nothing.
    for (let i = 0; i < 7; i++) expect(found[2 * i + 1]).toBeCloseTo(Math.sqrt(1e-8), 7);
  });
});

describe('spatialDropout2d', () => {
  const x = tensor(new Float32Array(8 * 3 * 2 * 16).fill(1), [8, 3, 2, 16]);

  test('zeroes whole channels in training, and scales the others up', async () => {
    const found = await applyLayer(layers.spatialDropout2d({ rate: 0.25 }), x, { training: true });
    const channels = Array.from({ length: 8 * 16 }, (_, i) => {
      const values = Array.from({ length: 6 }, (_, place) => found[((i >> 4) * 6 + place) * 16 + (i & 15)]!);
      expect(new Set(values).size).toBe(1);
      return values[0]!;
    });
    expect(new Set(channels)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    const dropped = channels.filter((value) => value === 0).length;
    // 128 draws of probability ¼: 32 ± 4.9.
    expect(Math.abs(dropped - 32)).toBeLessThanOrEqual(25);
  });
});

describe('what does not fit is refused, with the name of the layer and the shapes', () => {
  const build = (layer: Layer, shape: number[]) => layer.build(shape, new WeightStreams(1));

  test.each<[string, Layer, number[], string]>([
    [
      'a kernel larger than its images',
      layers.conv2d({ filters: 1, kernelSize: 5 }),
      [4, 8, 1],
      'a window of 5 (kernelSize 5, dilationRate 1) does not fit into 4 rows with padding "valid"',
    ],
    [
      'a dilated kernel larger than its images',
      layers.conv2d({ filters: 1, kernelSize: 3, dilationRate: 2 }),
      [8, 4, 1],
      'a window of 5 (kernelSize 3, dilationRate 2) does not fit into 4 columns with padding "valid"',
    ],
    [
      'a window larger than its images',
      layers.maxPooling2d({ poolSize: 3 }),
      [2, 9, 1],
      'a window of 3 (poolSize 3) does not fit into 2 rows with padding "valid"',
    ],
    [
      'a kernel longer than its sequences',
      layers.conv1d({ filters: 1, kernelSize: 9 }),
      [5, 1],
      'a window of 9 (kernelSize 9, dilationRate 1) does not fit into 5 steps with padding "valid"',
    ],
    [
      'groups that do not divide the channels',
      layers.conv2d({ filters: 4, kernelSize: 1, groups: 2 }),
      [4, 4, 3],
      '2 groups do not divide 3 input channels',
    ],
    [
      'groups that do not divide the filters',
      layers.conv2d({ filters: 3, kernelSize: 1, groups: 2 }),
      [4, 4, 4],
      '2 groups do not divide 3 filters',
    ],
    [
      'groups that do not divide what is normalised',
      layers.groupNormalization({ groups: 4 }),
      [2, 2, 6],
      '4 groups do not divide 6 channels',
    ],
    [
      'vectors',
      layers.conv2d({ filters: 1, kernelSize: 1 }),
      [784],
      'conv2d needs images of [height, width, channels], found [784]',
    ],
    [
      'images as sequences',
      layers.conv1d({ filters: 1, kernelSize: 1 }),
      [4, 4, 1],
      'conv1d needs sequences of [steps, channels], found [4, 4, 1]',
    ],
    [
      'a cropping that leaves nothing',
      layers.cropping2d({ cropping: 2 }),
      [4, 9, 1],
      'cropping of [[2, 2], [2, 2]] leaves nothing of images [4, 9, 1]',
    ],
    [
      'images that get too large to be resized',
      layers.upSampling2d({ size: [2, 10000] }),
      [4, 1000, 1],
      'upSampling2d: 1000 columns are too many to be resized to 10000000',
    ],
    [
      'a permutation of other dimensions',
      layers.permute({ dims: [2, 1] }),
      [4, 4, 1],
      'dims [2, 1] do not permute samples of [4, 4, 1]',
    ],
  ])('%s', (_, layer, shape, message) => {
    expect(() => build(layer, shape)).toThrow(error('CUDA_GAN_SHAPE', message));
  });

  test.each<[string, () => Layer, string]>([
    [
      'a stride of 0',
      () => layers.conv2d({ filters: 1, kernelSize: 1, strides: 0 }),
      'strides is 0; allowed are whole numbers from 1 to 16777216',
    ],
    [
      'a stride of 0 in one direction',
      () => layers.maxPooling2d({ strides: [1, 0] }),
      'strides[1] is 0; allowed are whole numbers from 1 to 16777216',
    ],
    [
      'a padding that there is not',
      () => layers.conv2d({ filters: 1, kernelSize: 1, padding: 'full' as never }),
      'unknown padding "full"; allowed are valid, same',
    ],
    [
      'three numbers for two directions',
      () => layers.conv2d({ filters: 1, kernelSize: [1, 2, 3] as never }),
      'kernelSize is [1, 2, 3]; allowed are whole numbers from 1 to 16777216, and arrays of two of them',
    ],
    [
      'no kernelSize',
      () => layers.conv2d({ filters: 2 } as never),
      'kernelSize is undefined; allowed are whole numbers from 1 to 16777216, and arrays of two of them',
    ],
    [
      'a text for strides',
      () => layers.depthwiseConv2d({ kernelSize: 1, strides: '2' as never }),
      'strides is "2"; allowed are whole numbers from 1 to 16777216, and arrays of two of them',
    ],
    [
      'an object for a dilationRate',
      () => layers.separableConv2d({ filters: 1, kernelSize: 1, dilationRate: {} as never }),
      'dilationRate is an object; allowed are whole numbers from 1 to 16777216, and arrays of two of them',
    ],
    [
      'a text for a poolSize',
      () => layers.averagePooling2d({ poolSize: 'two' as never }),
      'poolSize is "two"; allowed are whole numbers from 1 to 16777216, and arrays of two of them',
    ],
    [
      'one number in an array for a size',
      () => layers.upSampling2d({ size: [2] as never }),
      'size is [2]; allowed are whole numbers from 1 to 16777216, and arrays of two of them',
    ],
    [
      'a window of more places than any image has',
      () => layers.maxPooling2d({ poolSize: 2 ** 32 + 1, padding: 'same' }),
      'poolSize is 4294967297; allowed are whole numbers from 1 to 16777216',
    ],
    [
      'a negative outputPadding',
      () => layers.conv2dTranspose({ filters: 1, kernelSize: 1, outputPadding: [0, -1] }),
      'outputPadding[1] is -1; allowed are whole numbers from 0 to 16777216',
    ],
    [
      'no kernelSize of sequences',
      () => layers.conv1d({ filters: 2 } as never),
      'kernelSize is undefined; allowed are whole numbers from 1 on',
    ],
    [
      'an axis that there is not',
      () => layers.permute({ dims: [1, 3] }),
      'dims is [1, 3]; allowed are the numbers from 1 on, each once, in any order',
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(error('CUDA_GAN_VALUE', message));
  });

  test('a window that is too large is told of once, where layers are connected', () => {
    const wanted = (name: string) => `${name}: a window of 9 (kernelSize 9, dilationRate 1) does not fit into 5`;
    expect(() => layers.conv2d({ filters: 1, kernelSize: 9 }).apply(input({ shape: [5, 8, 1] }))).toThrow(
      expect.objectContaining({ message: `${wanted('conv2d')} rows with padding "valid"` }),
    );
    expect(() => layers.conv1d({ filters: 1, kernelSize: 9 }).apply(input({ shape: [5, 1] }))).toThrow(
      expect.objectContaining({ message: `${wanted('conv1d')} steps with padding "valid"` }),
    );
  });

  test('an output padding that the stride does not leave room for', () => {
    const layer = layers.conv2dTranspose({ filters: 1, kernelSize: 3, strides: 2, outputPadding: 2 });
    expect(() => build(layer, [4, 4, 1])).toThrow(
      error('CUDA_GAN_VALUE', 'outputPadding is 2; allowed are whole numbers below the stride, 2'),
    );
  });
});
