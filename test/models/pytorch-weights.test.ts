// Weights of PyTorch (test/golden/make_pytorch_weights.py) load under other names and with their dimensions in another order.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Layer, layers, Sequential, saveSafetensors, tensor } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { error } from '../support/errors';
import type { Golden } from '../support/keras';

const golden = join(__dirname, '../golden');
const path = join(golden, 'pytorch-dcgan.safetensors');
const { noise, images }: Record<'noise' | 'images', Golden> = JSON.parse(
  readFileSync(join(golden, 'pytorch-dcgan.json'), 'utf8'),
);

function generator(): Sequential {
  const up = (filters: number, options: object): Layer[] => [
    layers.conv2dTranspose({ filters, kernelSize: 4, useBias: false, ...options }),
    layers.batchNormalization({ epsilon: 1e-5 }),
    layers.reLU(),
  ];
  const twice = { strides: 2, padding: 'same' };
  return new Sequential({
    device: 'cpu',
    layers: [
      ...up(16, { inputShape: [1, 1, 6] }),
      ...up(8, twice),
      ...up(4, twice),
      layers.conv2dTranspose({
        filters: 3,
        kernelSize: 4,
        strides: 2,
        padding: 'same',
        useBias: false,
        activation: 'tanh',
      }),
    ],
  });
}

/** Its layers with weights are main.0, main.1, main.3, main.4 and so on there. */
const names = {
  conv2d_transpose: 'main.0',
  batch_normalization: 'main.1',
  conv2d_transpose_1: 'main.3',
  batch_normalization_1: 'main.4',
  conv2d_transpose_2: 'main.6',
  batch_normalization_2: 'main.7',
  conv2d_transpose_3: 'main.9',
};

test('the generator of the DCGAN tutorial makes the images that it makes in PyTorch', async () => {
  const model = generator();
  await model.loadWeights(path, { names, layout: 'pytorch' });
  const found = await model.predict(tensor(Float32Array.from(noise.data), noise.shape));
  expect(found.shape).toEqual(images.shape);
  found.data.forEach((value, i) => {
    expect(Math.abs(value - images.data[i]!)).toBeLessThan(1e-5);
  });
});

describe('of every kind of kernel, the dimensions come into our order', () => {
  const count = (length: number) => Float32Array.from({ length }, (_, i) => i);
  test.each([
    // [inputs, outputs], of [outputs, inputs].
    ['dense', layers.dense({ units: 2, useBias: false, inputShape: [3] }), [2, 3], [0, 3, 1, 4, 2, 5]],
    // [2 places, 1 channel, 2 filters], of [filters, channels, places].
    [
      'conv1d',
      layers.conv1d({ filters: 2, kernelSize: 2, useBias: false, inputShape: [3, 1] }),
      [2, 1, 2],
      [0, 2, 1, 3],
    ],
    [
      'depthwise_conv2d',
      layers.depthwiseConv2d({ kernelSize: [1, 2], depthMultiplier: 2, useBias: false, inputShape: [1, 2, 2] }),
      // Channel 0 has the outputs 0 and 1, channel 1 the outputs 2 and 3; each has two places.
      [4, 1, 1, 2],
      [0, 2, 4, 6, 1, 3, 5, 7],
    ],
    ['embedding', layers.embedding({ inputDim: 3, outputDim: 2, inputShape: [1] }), [3, 2], [0, 1, 2, 3, 4, 5]],
  ] as const)('%s', async (name, layer, shape, expected) => {
    const model = new Sequential({ device: 'cpu', layers: [layer] });
    const file = join(scratchFolder(), 'a.safetensors');
    await saveSafetensors(file, new Map([[`net.${name}.weight`, tensor(count(expected.length), [...shape])]]));
    await model.loadWeights(file, { names: { [name]: `net.${name}` }, layout: 'pytorch' });
    const [weight] = await model.getWeights();
    expect([...weight!.data]).toEqual(expected);
  });
});

describe('names alone', () => {
  test('are of layers, or of single weights', async () => {
    const model = new Sequential({ device: 'cpu', layers: [layers.dense({ units: 1, inputShape: [2] })] });
    const file = join(scratchFolder(), 'a.safetensors');
    const kernel = tensor(Float32Array.of(1, 2), [2, 1]);
    const bias = tensor(Float32Array.of(3), [1]);
    await saveSafetensors(
      file,
      new Map([
        ['head/kernel', kernel],
        ['b', bias],
      ]),
    );
    await model.loadWeights(file, { names: { dense: 'head', 'dense/bias': 'b' } });
    expect((await model.getWeights()).map(({ data }) => [...data])).toEqual([[1, 2], [3]]);
  });
});

describe('mistakes are named', () => {
  test('a name that the model has not', async () => {
    await expect(generator().loadWeights(path, { names: { dense: 'main.0' }, layout: 'pytorch' })).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'a name in names is "dense"; allowed are conv2d_transpose/kernel, '),
    );
  });

  test('a weight that the file has not', async () => {
    await expect(
      generator().loadWeights(path, { names: { ...names, conv2d_transpose: 'main.2' }, layout: 'pytorch' }),
    ).rejects.toThrow(
      error('CUDA_GAN_FILE', 'has no weight "main.2.weight" that the model wants, for "conv2d_transpose/kernel"'),
    );
  });

  test('a layout that there is not, names that are none, and a file of Keras', async () => {
    const layout = 'tensorflow' as 'pytorch';
    await expect(generator().loadWeights(path, { layout })).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'layout is "tensorflow"'),
    );
    const wrong = { names: { dense: 3 } as unknown as Record<string, string> };
    await expect(generator().loadWeights(path, wrong)).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'the name for "dense" in names is 3'),
    );
    await expect(generator().loadWeights(join(golden, 'keras-files/stack.keras'), { names: {} })).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'names and layout are for safetensors files'),
    );
  });
});
