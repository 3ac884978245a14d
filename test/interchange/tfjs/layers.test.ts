// Every layer that TensorFlow.js has goes there and back; every other one, and every option that it has not, is refused by name.
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  model as connect,
  input,
  layers,
  loadModel,
  type Model,
  type Prediction,
  type Shape,
} from '../../../lib/index';
import { kerasLayers } from '../../../lib/interchange/keras/layer-table';
import { tfjsLayers, tfjsOptions } from '../../../lib/interchange/tfjs/layer-table';
import { scratchFolder } from '../../gan/scratch';
import { error } from '../../support/errors';
import { layerCases, randomInputs, randomizeWeights, structureCases } from '../../support/model-cases';
import { loadInTensorflow, predictInTensorflow, saveInTensorflow, tf } from './tensorflow';

/** Models that TensorFlow.js cannot compute: what is said of them. */
const refused: Readonly<Record<string, string>> = {
  'activation: leakyRelu alone': 'activation is "leaky_relu"; TensorFlow.js has "linear", "relu", "elu"',
  'activation: leakyRelu between': 'layer "activation" (Activation): activation is "leaky_relu"',
  'conv1d: causal': 'layer "conv1d" (Conv1D): padding is "causal"; TensorFlow.js has "valid", "same"',
  'conv1d: groups': 'groups is 2; TensorFlow.js has 1',
  'conv2d: groups': 'layer "conv2d" (Conv2D): groups is 2; TensorFlow.js has 1',
  'conv2dTranspose: dilated': 'dilation_rate is [2, 2]; TensorFlow.js has [1,1]',
  'conv2dTranspose: output padding': 'output_padding is [1, 0]; TensorFlow.js has no such option',
  'conv2dTranspose: valid output padding': 'output_padding is [1, 1]; TensorFlow.js has no such option',
  'depthwiseConv2d: dilated': 'dilation_rate is [2, 2]; TensorFlow.js has [1,1]',
  'elu: alone': 'layer "elu" (ELU): alpha is 0.7; TensorFlow.js has 1',
  'elu: between': 'layer "elu" (ELU): alpha is 0.7; TensorFlow.js has 1',
  'upSampling2d: bilinear': 'interpolation is "bilinear"; TensorFlow.js has "nearest"',
  'flatten: vectors': 'layer "flatten" (Flatten): in TensorFlow.js it takes no vectors',
  'structures: one value as two outputs': 'has two outputs that are the same tensor',
};

/** What the cases of other formats do not have. */
const ownCases = {
  'elu: as in TensorFlow.js': () => applied(layers.elu()),
  'flatten: vectors': () => applied(layers.flatten(), [4]),
};

function applied(layer: layers.Layer, shape: Shape = [6, 5, 4]): Model {
  const x = input({ shape });
  return connect({ inputs: x, outputs: layer.apply(x), device: 'cpu' }) as Model;
}

/** The class of the layer that a case is about. */
const classOf = (model: Model, layer: string) =>
  model.layers.map(({ className }) => className).find((name) => name.toLowerCase() === layer.toLowerCase());

type Case = readonly [name: string, build: () => Model];

const all: readonly Case[] = [
  ...Object.entries({ ...layerCases, structures: structureCases }).flatMap(([layer, builds]) =>
    Object.entries(builds).map(([name, build]) => [`${layer}: ${name}`, build] as const),
  ),
  ...Object.entries(ownCases),
];
const missing = all.filter(([name, build]) => isMissing(classOf(build(), name.slice(0, name.indexOf(':')))));
const isRefused = ([name]: Case) => Object.hasOwn(refused, name);
const supported = all.filter((one) => !isRefused(one) && !missing.includes(one));

function isMissing(className: string | undefined): boolean {
  return className !== undefined && tfjsLayers[className] === 'missing';
}

/** Other orders of sums of up to a hundred products: 100 · 2⁻²⁴ of numbers about 1, twice. */
const tolerance = 1e-5;

describe.each(supported)('%s', (_name, build) => {
  test('is in TensorFlow.js what it is here, and comes back bit by bit', async () => {
    const model = build();
    await randomizeWeights(model);
    const inputs = randomInputs(model, 3);
    const expected = await predict(model, inputs);
    const path = join(scratchFolder(), 'model.json');
    await model.save(path);

    const theirs = await loadInTensorflow(path);
    const found = await predictInTensorflow(theirs, inputs);
    expect(found.shape).toEqual(expected.shape);
    expect(largestDifference(found.data, expected.data)).toBeLessThan(tolerance);

    const contents = await contentsOf(model);
    expect(await contentsOf(await loadModel(path, { device: 'cpu' }))).toEqual(contents);

    await saveInTensorflow(theirs, path);
    const back = await loadModel(path, { device: 'cpu' });
    expect(await contentsOf(back)).toEqual(contents);
    expect((await predict(back, inputs)).data).toEqual(expected.data);
  });
});

test.each(Object.entries(refused))('%s is refused', async (name, message) => {
  const [, build] = all.find(([one]) => one === name)!;
  await expect(build().save(join(scratchFolder(), 'model.json'))).rejects.toThrow(error('CUDA_GAN_VALUE', message));
});

test.each(missing)('%s is refused, which TensorFlow.js has not', async (_name, build) => {
  const path = join(scratchFolder(), 'model.json');
  await expect(build().save(path)).rejects.toThrow(error('CUDA_GAN_VALUE', 'TensorFlow.js has no such layer'));
});

describe('the table of layers', () => {
  test('has all that Keras has, and all of the package', () => {
    expect(Object.keys(tfjsLayers)).toEqual(expect.arrayContaining(Object.keys(kerasLayers)));
    const classes = Object.entries(layerCases).map(([layer, builds]) => classOf(Object.values(builds)[0]!(), layer));
    expect(Object.keys(tfjsLayers)).toEqual(expect.arrayContaining(classes));
  });

  test('has those for missing that TensorFlow.js does not know', () => {
    const theirs = tf.serialization.SerializationMap.getMap().classNameMap;
    const unknown = Object.keys(tfjsLayers).filter((name) => theirs[name] === undefined);
    expect(Object.keys(tfjsLayers).filter(isMissing)).toEqual(unknown);
  });

  // A newer TensorFlow.js may have what this one has not.
  test.each(Object.keys(refused).filter((name) => !name.startsWith('structures')))(
    'refuses nothing that TensorFlow.js computes: %s',
    async (name) => {
      const model = all.find(([one]) => one === name)![1]();
      await randomizeWeights(model);
      const inputs = randomInputs(model, 3);
      const expected = await predict(model, inputs);
      const path = join(scratchFolder(), 'model.json');
      await withoutRefusals(() => model.save(path));
      const computes = async () => {
        const found = await predictInTensorflow(await loadInTensorflow(path), inputs);
        return largestDifference(found.data, expected.data) < tolerance;
      };
      expect(await computes().catch(() => false)).toBe(false);
    },
  );
});

/** Saves as if TensorFlow.js had all options. */
async function withoutRefusals(save: () => Promise<void>): Promise<void> {
  const entries = Object.values(tfjsLayers).filter((entry) => entry !== 'missing');
  const tables = [tfjsOptions, ...entries.map(({ only = {} }) => only), ...entries] as Record<string, unknown>[];
  const kept = tables.map((table) => ({ ...table }));
  for (const table of tables) for (const option of Object.keys(table)) if (option !== 'weights') delete table[option];
  try {
    await save();
  } finally {
    tables.forEach((table, i) => {
      Object.assign(table, kept[i]);
    });
  }
}

async function predict(model: Model, inputs: ReturnType<typeof randomInputs>): Promise<Prediction> {
  const predictions = await model.predict(inputs.length === 1 ? inputs[0]! : inputs);
  const isOne = ArrayBuffer.isView((predictions as Prediction).data);
  return isOne ? (predictions as Prediction) : Object.values(predictions as Record<string, Prediction>)[0]!;
}

async function contentsOf(model: Model): Promise<Readonly<Record<string, unknown>>> {
  const values = await model.getWeights();
  return Object.fromEntries(model.namedWeights.map(([name], i) => [name, values[i]]));
}

function largestDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  return Math.max(...Array.from(expected, (value, i) => Math.abs(value - found[i]!)));
}
