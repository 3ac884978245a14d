// Stacking layers: names, shapes, weights, summaries, and models within models.
import { describe, expect, test } from '@jest/globals';
import { GAN, type Layer, layers, mlpDiscriminator, mlpGenerator, Sequential, tensor } from '../../lib/index';
import { error } from '../support/errors';
import { keras } from '../support/keras';
import { contents, normalTensor } from './small-models';

/** The article's networks. */
const networks = () => ({ generator: mlpGenerator(), discriminator: mlpDiscriminator() });

describe.each(['generator', 'discriminator'] as const)('the %s of the article', (name) => {
  const golden = keras.summary[name];
  const model = networks()[name];

  test('has the layers, output shapes and parameters that it has in Keras', () => {
    expect(
      model.layers.map(({ className, outputShape, weights }) => ({
        type: className,
        outputShape,
        params: weights.reduce((sum, { size }) => sum + size, 0),
      })),
    ).toEqual(golden.layers);
    expect(model.countParams()).toBe(golden.total);
  });

  test('has a summary with these', () => {
    const printed: string[] = [];
    model.summary({ print: (text) => printed.push(text) });
    const lines = printed.join('\n').split('\n');
    expect(lines[0]).toBe(`Model: "${name}"`);
    golden.layers.forEach(({ type, outputShape, params }, i) => {
      const cells = [`${model.layers[i]!.name} (${type})`, `(None, ${outputShape.join(', ')})`];
      expect(lines[4 + i]!.split(/ {2,}/)).toEqual([...cells, params.toLocaleString('en')]);
    });
    expect(lines.slice(-3)).toEqual([
      `Total params: ${golden.total.toLocaleString('en')}`,
      `Trainable params: ${golden.trainable.toLocaleString('en')}`,
      `Non-trainable params: ${(golden.total - golden.trainable).toLocaleString('en')}`,
    ]);
  });
});

test('layers without names are numbered by class, in snake case as in Keras', () => {
  const model = new Sequential();
  for (const layer of [
    layers.dense({ units: 2 }),
    layers.leakyReLU(),
    layers.dense({ units: 2 }),
    layers.reLU(),
    layers.elu(),
    layers.batchNormalization(),
    layers.gaussianNoise({ stddev: 1 }),
    layers.dense({ units: 2 }),
    layers.dense({ units: 2, name: 'last' }),
  ]) {
    expect(model.add(layer)).toBe(model);
  }
  expect(model.layers.map(({ name }) => name)).toEqual([
    'dense',
    'leaky_re_lu',
    'dense_1',
    're_lu',
    'elu',
    'batch_normalization',
    'gaussian_noise',
    'dense_2',
    'last',
  ]);
});

describe('building', () => {
  const unbuilt = () =>
    new Sequential({ name: 'net', layers: [layers.dense({ units: 3 }), layers.flatten()], seed: 1 });

  test('happens as layers are added when the first names its inputShape', () => {
    const model = new Sequential({ layers: [layers.dense({ units: 3, inputShape: [2, 4] })] });
    expect([model.built, model.inputShape, model.outputShape]).toEqual([true, [2, 4], [2, 3]]);
    model.add(layers.flatten());
    expect([model.built, model.inputShape, model.outputShape]).toEqual([true, [2, 4], [6]]);
  });

  test('happens by build otherwise, and only once', () => {
    const model = unbuilt();
    expect(model.built).toBe(false);
    model.build([2, 4]);
    const { weights } = model;
    model.build([2, 4]);
    expect(model.built).toBe(true);
    expect(model.outputShape).toEqual([6]);
    expect(model.weights).toEqual(weights);
    expect(() => model.build([5])).toThrow(
      error('CUDA_GAN_SHAPE', 'net > dense: is built for samples of [2, 4], not of [5]'),
    );
  });

  test('gives the same weights at once or later, from the same seed', async () => {
    const [later, atOnce] = [unbuilt(), new Sequential({ seed: 1 })];
    later.build([4]);
    atOnce.add(layers.dense({ units: 3, inputShape: [4] })).add(layers.flatten());
    expect(await contents(later)).toEqual(await contents(atOnce));
    const other = new Sequential({ layers: [layers.dense({ units: 3, inputShape: [4] })], seed: 2 });
    expect(await contents(other)).not.toEqual(await contents(atOnce));
  });

  test('is what a summary asks for', () => {
    const printed: string[] = [];
    unbuilt().summary({ print: (text) => printed.push(text) });
    expect(printed.join()).toContain('dense (Dense)      ?             0 (unbuilt)');
  });
});

describe('models within models', () => {
  const makeInner = (units = 3) =>
    new Sequential({
      name: 'inner',
      seed: 1,
      layers: [layers.dense({ units, inputShape: [4], activation: 'tanh' }), layers.batchNormalization()],
    });

  test('share their weights with the model around them', async () => {
    const inner = makeInner();
    const outer = new Sequential({ name: 'outer', layers: [inner, layers.dense({ units: 2 })] });
    expect(outer.weights.slice(0, 6)).toEqual(inner.weights);
    expect(outer.namedWeights.map(([name]) => name)).toEqual([
      'inner/dense/kernel',
      'inner/dense/bias',
      'inner/batch_normalization/gamma',
      'inner/batch_normalization/beta',
      'inner/batch_normalization/moving_mean',
      'inner/batch_normalization/moving_variance',
      'dense/kernel',
      'dense/bias',
    ]);
    outer.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const before = await contents(inner);
    await outer.trainOnBatch(normalTensor([5, 4]), normalTensor([5, 2]));
    const after = await contents(inner);
    after.forEach((data, i) => {
      expect(data).not.toEqual(before[i]);
    });
    expect((await contents(outer)).slice(0, 6)).toEqual(after);
  });

  test('compute what their layers compute', async () => {
    const inner = makeInner();
    const x = normalTensor([7, 4]);
    const stacked = new Sequential({
      name: 'outer',
      layers: [inner, new Sequential({ name: 'tail', layers: [layers.leakyReLU({ negativeSlope: 0.5 })] })],
    });
    const predictions = await inner.predict(x);
    expect(await stacked.predict(x)).toEqual({ ...predictions, data: predictions.data.map((v) => Math.max(v, v / 2)) });
  });

  test('are built with the model around them', () => {
    const inner = new Sequential({ name: 'inner', layers: [layers.dense({ units: 3 })] });
    const outer = new Sequential({ layers: [inner] });
    expect(outer.built).toBe(false);
    outer.build([4]);
    expect(inner.inputShape).toEqual([4]);
  });

  test('must fit', () => {
    const outer = new Sequential({ name: 'outer', layers: [layers.dense({ units: 5, inputShape: [2] })] });
    expect(() => outer.add(makeInner())).toThrow(
      error('CUDA_GAN_SHAPE', 'outer > inner: inner > dense: is built for samples of [4], not of [5]'),
    );
  });
});

describe('errors', () => {
  test('a layer that does not fit is named, with both shapes', () => {
    expect(
      () =>
        new Sequential({
          name: 'net',
          layers: [layers.dense({ units: 6, inputShape: [3] }), layers.reshape({ targetShape: [4], name: 'image' })],
        }),
    ).toThrow(error('CUDA_GAN_SHAPE', 'net > image: cannot reshape samples of [6] (6 elements) to [4]'));
  });

  test('two layers of one name', () => {
    const model = new Sequential({ name: 'net', layers: [layers.reLU({ name: 'a' })] });
    expect(() => model.add(layers.elu({ name: 'a' }))).toThrow(
      error('CUDA_GAN_VALUE', 'model "net" already has a layer named "a"'),
    );
    expect(model.layers).toHaveLength(1);
  });

  test('a layer in two models', () => {
    const layer = layers.dense({ units: 1, inputShape: [2] });
    new Sequential({ layers: [layer] });
    expect(() => new Sequential({ layers: [layer] })).toThrow(
      error('CUDA_GAN_STATE', 'layer "dense" is part of a model already; make a layer for each'),
    );
  });

  test.each([-1, 0.5, 2 ** 32, Number.NaN])('a seed of %d', (seed) => {
    expect(() => new Sequential({ seed })).toThrow(
      error('CUDA_GAN_VALUE', `seed is ${seed}; allowed are whole numbers from 0 to 4294967295`),
    );
  });

  test('an inputShape or a targetShape that is no array', () => {
    const shape = 784 as unknown as number[];
    expect(() => layers.flatten({ inputShape: shape })).toThrow(
      error('CUDA_GAN_VALUE', 'inputShape is 784; allowed are arrays of at most 32 whole numbers'),
    );
    expect(() => layers.reshape({ targetShape: shape })).toThrow(
      error('CUDA_GAN_VALUE', 'targetShape is 784; allowed are arrays of at most 32 whole numbers'),
    );
  });

  test('a model without layers', async () => {
    const model = new Sequential({ name: 'net' });
    const wanted = error('CUDA_GAN_STATE', 'model "net" has no layers yet: add some');
    expect(() => model.summary()).toThrow(wanted);
    expect(() => model.outputShape).toThrow(wanted);
    await expect(model.predict(tensor(new Float32Array(1), [1]))).rejects.toThrow(wanted);
    await expect(model.save('/nowhere')).rejects.toThrow(wanted);
  });

  test('a model that is not built', async () => {
    const model = new Sequential({ layers: [layers.dense({ units: 1 }) satisfies Layer] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const [x, y] = [normalTensor([4, 2]), normalTensor([4, 1])];
    const wanted = error(
      'CUDA_GAN_STATE',
      'layer "dense" has no shapes yet: give the first layer an inputShape, or call',
    );
    await expect(model.predict(x)).rejects.toThrow(wanted);
    await expect(model.fit(x, y)).rejects.toThrow(wanted);
    await expect(model.evaluate(x, y)).rejects.toThrow(wanted);
    await expect(model.trainOnBatch(x, y)).rejects.toThrow(wanted);
  });
});

describe('setting weights', () => {
  const model = new Sequential({ name: 'net', layers: [layers.dense({ units: 2, inputShape: [3] })] });

  test('replaces them by copies', async () => {
    const values = [normalTensor([3, 2]), normalTensor([2])];
    const copies = values.map(({ data }) => data.slice());
    await model.setWeights(values);
    values[0]!.data.fill(0);
    expect(await contents(model)).toEqual(copies);
    (await model.getWeights())[0]!.data.fill(0);
    expect(await contents(model)).toEqual(copies);
  });

  test.each([
    ['too few', () => [normalTensor([3, 2])], 'CUDA_GAN_SHAPE', 'model "net" has 2 weights, found 1'],
    [
      'of another shape',
      () => [normalTensor([3, 2]), normalTensor([3])],
      'CUDA_GAN_SHAPE',
      'weight "dense/bias" has shape [2], found [3]',
    ],
    [
      'with NaN',
      () => [normalTensor([3, 2]), tensor(Float32Array.of(1, Number.NaN), [2])],
      'CUDA_GAN_DATA',
      'element 1 for weight "dense/bias" is NaN',
    ],
  ] as const)('%s is an error, and leaves them as they were', async (_, values, code, message) => {
    const before = await contents(model);
    await expect(model.setWeights(values())).rejects.toThrow(error(code, message));
    expect(await contents(model)).toEqual(before);
  });
});

test('a model that was disposed of starts anew from its initial weights', async () => {
  const model = new Sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })], seed: 4 });
  const initial = await contents(model);
  await model.setWeights([normalTensor([3, 2]), normalTensor([2])]);
  model.dispose();
  expect(await contents(model)).toEqual(initial);
});

test('a built model that is part of another, or of a GAN, takes no more layers', () => {
  const parts = () => [
    new Sequential({ name: 'g', layers: [layers.dense({ units: 4, inputShape: [2] })] }),
    new Sequential({ name: 'd', layers: [layers.dense({ units: 1, inputShape: [4] })] }),
  ];
  const refused = (owner: string) => error('CUDA_GAN_STATE', `model "g" is part of ${owner} already: add layers to it`);
  const [inner] = parts();
  new Sequential({ name: 'outer', layers: [inner!] });
  expect(() => inner!.add(layers.reLU())).toThrow(refused('model "outer"'));
  const [generator, discriminator] = parts();
  new GAN({ generator: generator!, discriminator: discriminator! });
  expect(() => generator!.add(layers.reLU())).toThrow(refused('a GAN'));
});

test('a model is no part of itself', () => {
  const [a, b] = [new Sequential({ name: 'a' }), new Sequential({ name: 'b' })];
  a.add(b);
  for (const layer of [a, b]) {
    expect(() => b.add(layer)).toThrow(error('CUDA_GAN_VALUE', 'model "b" cannot be a part of itself'));
  }
});
