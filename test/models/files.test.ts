// Models as files: saved, loaded, read by Python and written by it, damaged.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  decodeSafetensors,
  type ErrorCode,
  encodeSafetensors,
  initializers,
  layers,
  loadModel,
  loadSafetensors,
  Sequential,
  saveSafetensors,
  type Tensor,
  tensor,
} from '../../lib/index';
import type { LayerConfig } from '../../lib/layers/layer';
import { saveModel } from '../../lib/models/files';
import { scratchFolder } from '../gan/scratch';
import { error } from '../support/errors';
import { testNotOnWindows } from '../support/platform';
import { contents, linearModel, normalTensor } from './small-models';

const folder = scratchFolder();
let files = 0;
const newPath = () => join(folder, `${files++}.safetensors`);

/** One of each kind of layer, and a model within. */
const everyLayer = () =>
  new Sequential({
    name: 'everything',
    seed: 9,
    layers: [
      layers.flatten({ inputShape: [2, 3] }),
      new Sequential({
        name: 'inner',
        trainable: false,
        layers: [
          layers.dense({
            units: 8,
            activation: 'tanh',
            kernelInitializer: initializers.randomNormal({ stddev: 0.7 }),
            biasInitializer: initializers.constant({ value: 0.5 }),
          }),
          layers.batchNormalization({ momentum: 0.7, epsilon: 0.01 }),
        ],
      }),
      layers.leakyReLU({ negativeSlope: 0.15 }),
      layers.dropout({ rate: 0.4 }),
      layers.gaussianNoise({ stddev: 0.2 }),
      layers.dense({ units: 6, useBias: false, name: 'without bias', trainable: false }),
      layers.activation({ activation: 'softplus' }),
      layers.elu({ alpha: 0.9 }),
      layers.reLU(),
      layers.reshape({ targetShape: [-1, 2] }),
      layers.softmax(),
    ],
  });

/** With two weights, [2, 3] and [3]. */
const small = () => new Sequential({ layers: [layers.dense({ units: 3, inputShape: [2] })] });

describe('a model that was saved and loaded', () => {
  const x = normalTensor([5, 2, 3]);

  test('has the same structure, weights and predictions', async () => {
    const [model, path] = [everyLayer(), newPath()];
    const weights = model.weights.map(({ shape }, i) => normalTensor(shape, i));
    weights[5]!.data.forEach((value, i, variance) => {
      variance[i] = value ** 2;
    });
    await model.setWeights(weights);
    await model.save(path);
    const loaded = await Sequential.load(path);
    expect(loaded.getConfig()).toEqual(model.getConfig());
    expect(await contents(loaded)).toEqual(await contents(model));
    expect(await loaded.predict(x)).toEqual(await model.predict(x));
    expect(loaded.trainableWeights).toEqual([]);
  });

  test('can live on a device of choice', async () => {
    const path = newPath();
    const model = everyLayer();
    await model.save(path);
    const loaded = await Sequential.load(path, { device: 'reference' });
    expect(loaded.device.name).toBe('reference');
    expect(await contents(loaded)).toEqual(await contents(model));
  });
});

test('a config makes a model of the same structure, with the weights that it began with', async () => {
  const model = everyLayer();
  const initial = await contents(model);
  await model.setWeights(model.weights.map(({ shape }) => normalTensor(shape)));
  expect(await contents(Sequential.fromConfig(model.getConfig()))).toEqual(initial);
});

test('loadWeights replaces the weights of a model of the same structure', async () => {
  const [model, other, path] = [small(), small(), newPath()];
  await model.save(path);
  await other.loadWeights(path);
  expect(await contents(other)).toEqual(await contents(model));
});

describe('the file', () => {
  test('is a safetensors file of all weights by name, with the structure in the metadata', async () => {
    const [model, path] = [everyLayer(), newPath()];
    await model.save(path);
    const { tensors, metadata } = decodeSafetensors(readFileSync(path));
    const weights = await model.getWeights();
    expect([...tensors]).toEqual(model.namedWeights.map(([name], i) => [name, weights[i]]));
    expect(metadata.format).toBe('cuda-gan');
    expect(JSON.parse(metadata.model!)).toMatchObject({
      className: 'Sequential',
      config: { name: 'everything', seed: 9 },
    });
  });

  test('may come from Python', async () => {
    const model = small();
    await model.loadWeights(join(__dirname, '../golden/python.safetensors'));
    expect(await contents(model)).toEqual([Float32Array.of(0.5, 1, 1.5, 2, 2.5, 3), Float32Array.of(-1, -2, -3)]);
  });
});

describe('errors of loading', () => {
  const saved = async (metadata: Record<string, string>) => {
    const path = newPath();
    await saveSafetensors(path, new Map(), metadata);
    return path;
  };

  test('a file that is not there', async () => {
    const path = newPath();
    const wanted = error('CUDA_GAN_FILE', `cannot read ${path}: no such file or folder`);
    await expect(Sequential.load(path)).rejects.toThrow(wanted);
    await expect(small().loadWeights(path)).rejects.toThrow(wanted);
  });

  test('a folder', async () => {
    const wanted = error('CUDA_GAN_FILE', `cannot read ${folder}: it is a folder, and models are read from files`);
    await expect(loadModel(folder)).rejects.toThrow(wanted);
    await expect(small().loadWeights(folder)).rejects.toThrow(wanted);
  });

  // To open it would wait for who writes into it, for good.
  testNotOnWindows('a pipe that nobody writes into', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    await expect(loadModel(path)).rejects.toThrow(
      error('CUDA_GAN_FILE', `cannot read ${path}: it is a pipe, and models are read from files`),
    );
  });

  test.each<[string, string | Uint8Array, string]>([
    ['a text', 'Dear model, it begins', 'it begins with "Dear model, it b"'],
    ['an image', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), 'it begins with "\u0089PNG\\r\\n\\u001a\\n"'],
    ['nothing', '', 'it is empty'],
  ])('%s holds no model, whatever it is called', async (_, content, begin) => {
    for (const ending of ['', '.keras', '.h5', '.onnx', '.pt']) {
      const path = join(scratchFolder(), `model${ending}`);
      writeFileSync(path, content);
      const expected = error(
        'CUDA_GAN_FILE',
        `${path} holds no model: ${begin}; what can be read is a safetensors file (.safetensors), a Keras file (.keras)`,
      );
      await expect(loadModel(path)).rejects.toThrow(expected);
      await expect(linearModel().loadWeights(path)).rejects.toThrow(expected);
    }
  });

  test('a file that is cut short', async () => {
    const path = newPath();
    await small().save(path);
    writeFileSync(path, readFileSync(path).subarray(0, -4));
    await expect(Sequential.load(path)).rejects.toThrow(error('CUDA_GAN_FILE', 'truncated'));
  });

  test.each([
    ['no model', {}],
    ['no JSON', { model: '{' }],
    ['other JSON', { model: '7' }],
    ['no options', { model: '{"className": "Sequential", "config": null}' }],
  ])('a file with %s in its metadata', async (_, metadata) => {
    const path = await saved(metadata as Record<string, string>);
    await expect(Sequential.load(path)).rejects.toThrow(
      error('CUDA_GAN_FILE', `${path} holds no model of cuda-gan: its metadata has no "model"`),
    );
  });

  test('a file that holds something else', async () => {
    const path = await saved({ model: JSON.stringify({ className: 'GAN', config: {} }) });
    await expect(Sequential.load(path)).rejects.toThrow(
      error('CUDA_GAN_FILE', `${path} holds a GAN, not a Sequential`),
    );
  });

  test.each([
    [
      'a layer of another version',
      [{ className: 'Conv3D', config: {} }],
      'unknown layer "Conv3D"; allowed are Activation',
    ],
    ['a layer without its options', [{ className: 'Dense', config: {} }], 'units is undefined'],
    ['no layers', undefined, 'a config of a Sequential needs a list of layers'],
    ['something else as a layer', [5], 'a config of a Sequential needs a list of layers'],
  ])('a file with %s, and a config with that', async (_, wrong, message) => {
    const config = { layers: wrong };
    const path = await saved({ model: JSON.stringify({ className: 'Sequential', config }) });
    await expect(Sequential.load(path)).rejects.toThrow(error('CUDA_GAN_FILE', message));
    expect(() => Sequential.fromConfig(config as LayerConfig)).toThrow(error('CUDA_GAN_VALUE', message));
  });
});

describe('errors of loadWeights, which change nothing', () => {
  test.each([
    [
      'a weight is missing',
      { 'dense/kernel': normalTensor([2, 3]) },
      'has no weight "dense/bias" that the model wants',
    ],
    [
      'there is one more',
      { 'dense/kernel': normalTensor([2, 3]), 'dense/bias': normalTensor([3]), extra: normalTensor([1]) },
      'has a weight "extra" that the model does not',
    ],
    [
      'a weight has another type',
      { 'dense/kernel': normalTensor([2, 3]), 'dense/bias': tensor(new Int32Array(3), [3]) },
      'weight "dense/bias" in ',
    ],
    [
      'a weight has another shape',
      { 'dense/kernel': normalTensor([2, 3]), 'dense/bias': normalTensor([4]) },
      'weight "dense/bias" has shape [3], found [4]',
    ],
    [
      'a weight is not finite',
      { 'dense/kernel': normalTensor([2, 3]), 'dense/bias': tensor(Float32Array.of(1, Number.NaN, 1), [3]) },
      'element 1 for weight "dense/bias" is NaN',
    ],
  ])('%s', async (_, tensors, message) => {
    const [model, path] = [small(), newPath()];
    const before = await contents(model);
    writeFileSync(path, encodeSafetensors(new Map(Object.entries(tensors))));
    await expect(model.loadWeights(path)).rejects.toThrow(error('CUDA_GAN_FILE', message));
    expect(await contents(model)).toEqual(before);
  });
});

test('a file that cannot be written is an error, and leaves an earlier one as it was', async () => {
  const [model, path] = [small(), newPath()];
  await model.save(path);
  await expect(model.save(join(path, 'below'))).rejects.toThrow(
    error('CUDA_GAN_FILE', `cannot write ${join(path, 'below')}`),
  );
  expect((await loadSafetensors(path)).tensors.size).toBe(2);
});

describe('saving refuses what loading would, and leaves an earlier file as it was', () => {
  const config = { className: 'Sequential', config: {} };
  const weight = ['dense/kernel', normalTensor([2, 3])] as const;

  test.each<[string, readonly (readonly [string, Tensor])[], ErrorCode, string]>([
    [
      'NaN',
      [weight, ['dense/bias', tensor(Float32Array.of(0, Number.NaN), [2])]],
      'CUDA_GAN_DATA',
      'weight "dense/bias" contains NaN at index 1; a model is saved with finite numbers only',
    ],
    [
      'infinity',
      [['dense/bias', tensor(Float32Array.of(Number.NEGATIVE_INFINITY), [1])]],
      'CUDA_GAN_DATA',
      'weight "dense/bias" contains -Infinity at index 0',
    ],
    ['one name for two weights', [weight, weight], 'CUDA_GAN_VALUE', 'two weights are called "dense/kernel"'],
  ])('%s', async (_, weights, code, message) => {
    const path = newPath();
    await small().save(path);
    const before = readFileSync(path);
    await expect(saveModel(path, config, weights)).rejects.toThrow(error(code, message));
    expect(readFileSync(path)).toEqual(before);
  });
});

test('models without a name may be parts of several, and are kept apart in each and in its file', async () => {
  const part = (seed: number) => new Sequential({ layers: [layers.dense({ units: 2, inputShape: [2] })], seed });
  const [there, back, judge] = [part(1), part(2), part(3)];
  new Sequential({ layers: [there, judge] });
  new Sequential({ layers: [back, judge] });
  const cycle = new Sequential({ layers: [there, back], seed: 4 });
  expect(cycle.namedWeights.map(([name]) => name)).toEqual([
    'sequential/dense/kernel',
    'sequential/dense/bias',
    'sequential_1/dense/kernel',
    'sequential_1/dense/bias',
  ]);
  const path = join(scratchFolder(), 'cycle.safetensors');
  await cycle.save(path);
  const x = tensor([[1, 2]]);
  expect(await (await Sequential.load(path)).predict(x)).toEqual(await cycle.predict(x));
});
