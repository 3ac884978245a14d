// Files for Deeplearning4j's importer: what is in them, and what is refused. test/dl4j runs the importer.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bytesSource } from '../../../lib/formats/byte-source';
import { type Hdf5Group, readHdf5 } from '../../../lib/formats/hdf5/index';
import {
  model as connect,
  input,
  Layer,
  layers,
  type Model,
  mlpDiscriminator,
  mlpGenerator,
  registerClass,
  Sequential,
} from '../../../lib/index';
import { findDataset, findGroup } from '../../../lib/interchange/keras/contents';
import { importedClasses } from '../../../lib/interchange/keras/deeplearning4j/layers';
import { kerasLayers } from '../../../lib/interchange/keras/layer-table';
import type { Shape } from '../../../lib/tensor';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dl4j-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

const stack = (inputShape: Shape, made: readonly Layer[]): Model => {
  const model = new Sequential({ layers: made, name: 'stack', seed: 1 });
  model.build(inputShape);
  return model;
};
const image: Shape = [6, 5, 4];

async function saved(model: Model): Promise<Hdf5Group> {
  const path = join(folder, 'model.h5');
  await model.save(path, { for: 'deeplearning4j' });
  return readHdf5(bytesSource(await readFile(path), path));
}

interface Config {
  readonly class_name: string;
  readonly config: { readonly layers: readonly { class_name: string; config: Record<string, unknown> }[] };
}
const textOf = (root: Hdf5Group) => String(root.attributes.get('model_config'));
const configOf = (root: Hdf5Group): Config => JSON.parse(textOf(root));
const layersOf = (root: Hdf5Group) => configOf(root).config.layers;
const classesOf = (root: Hdf5Group) => layersOf(root).map(({ class_name: className }) => className);
const namesOf = (root: Hdf5Group) => layersOf(root).map(({ config }) => config.name);

describe('a file for Deeplearning4j', () => {
  test('says that it is of Keras 2, and nothing of training', async () => {
    const model = mlpDiscriminator({ imageShape: [4, 4, 1], width: 0.01, seed: 1 });
    model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });
    const root = await saved(model);
    expect([...root.attributes.keys()].sort()).toEqual(['backend', 'keras_version', 'model_config']);
    expect(root.attributes.get('keras_version')).toBe('2.1.2');
    expect(root.attributes.get('backend')).toBe('tensorflow');
    expect([...root.members.keys()]).toEqual(['model_weights']);
    expect(textOf(root)).not.toMatch(/regularizer|constraint/);
  });

  test('names the weights of every layer, also where there are none', async () => {
    const root = await saved(stack([3], [layers.dense({ units: 2 }), layers.leakyReLU()]));
    const weightNames = (name: string) => findGroup(root, `model_weights/${name}`)!.attributes.get('weight_names');
    expect(weightNames('dense')).toEqual(['dense/kernel:0', 'dense/bias:0']);
    expect(weightNames('leaky_re_lu')).toEqual([]);
    expect(weightNames('input')).toEqual([]);
    expect(findDataset(root, 'model_weights/dense/dense/kernel:0')!.shape).toEqual([3, 2]);
  });

  test('writes numbers that must be decimals with a point', async () => {
    const root = await saved(
      stack([3], [layers.leakyReLU({ negativeSlope: 1 }), layers.batchNormalization({ momentum: 0, epsilon: 1e-7 })]),
    );
    expect(textOf(root)).toContain('"alpha":1.0,');
    expect(textOf(root)).toContain('"momentum":0.0,');
    expect(textOf(root)).toContain('"epsilon":1e-7,');
    expect(textOf(root)).toContain('"batch_input_shape":[null,3]');
  });

  test('names the rate of dropout as the importer does', async () => {
    const root = await saved(stack([3], [layers.dropout({ rate: 0.25 })]));
    expect(layersOf(root)[1]!.config).toMatchObject({ rate: 0.25, dropout: 0.25 });
  });

  test('has models within as their layers, by names that are not taken', async () => {
    const part = (name: string, units: number) =>
      new Sequential({ name, layers: [layers.dense({ units }), layers.reLU()] });
    const root = await saved(stack([3], [part('a', 4), part('b', 2), layers.dense({ units: 1, name: 'a_dense' })]));
    expect(configOf(root).class_name).toBe('Sequential');
    expect(namesOf(root)).toEqual(['input', 'a_dense', 'a_re_lu', 'b_dense', 'b_re_lu', 'a_dense_1']);
  });

  test('has no names that the importer would look for in those of weights', async () => {
    const named = (name: string) => layers.dense({ units: 3, name });
    const root = await saved(stack([3], [named('a'), named('kernel'), named('1 (b)')]));
    expect(namesOf(root)).toEqual(['input', 'layer_a', 'layer_kernel', '1__b_']);
  });

  test('has a layer behind a reshape at the end, where the importer has none', async () => {
    const root = await saved(mlpGenerator({ imageShape: [4, 4, 1], width: 0.01, seed: 1 }));
    expect(classesOf(root).slice(-2)).toEqual(['Reshape', 'Activation']);
  });

  test('has the last of reshapes in a row', async () => {
    const row = [layers.flatten(), layers.reshape({ targetShape: [10, 12] }), layers.flatten()];
    expect(classesOf(await saved(stack(image, [...row, layers.dense({ units: 2 })])))).toEqual([
      'InputLayer',
      'Flatten',
      'Dense',
    ]);
  });

  test('copies what several layers take, before those that overwrite it', async () => {
    const x = input({ shape: [3] });
    const outputs = layers.add().apply([layers.reLU().apply(x), layers.dense({ units: 3 }).apply(x)]);
    const root = await saved(connect({ inputs: x, outputs }));
    expect(configOf(root).class_name).toBe('Model');
    expect(layersOf(root).map((layer) => JSON.stringify((layer as { inbound_nodes?: unknown }).inbound_nodes))).toEqual(
      [
        '[]',
        '[[["input_layer",0,0,{}]]]',
        '[[["re_lu_input",0,0,{}]]]',
        '[[["input_layer",0,0,{}]]]',
        '[[["re_lu",0,0,{}],["dense",0,0,{}]]]',
      ],
    );
  });

  test('takes single numbers as vectors of one', async () => {
    const x = input({ shape: [], dtype: 'int32' });
    const root = await saved(connect({ inputs: x, outputs: layers.embedding({ inputDim: 5, outputDim: 3 }).apply(x) }));
    expect(classesOf(root)).toEqual(['InputLayer', 'Embedding', 'Flatten', 'Activation']);
    expect(layersOf(root)[0]!.config.batch_input_shape).toEqual([null, 1]);
    expect(layersOf(root)[1]!.config.input_length).toBe(1);
  });

  test('has the layer within a spectral normalisation, with the kernel as inference uses it', async () => {
    const model = stack([1], [layers.spectralNormalization({ layer: layers.dense({ units: 1, useBias: false }) })]);
    const root = await saved(model);
    expect(classesOf(root)).toEqual(['InputLayer', 'Dense']);
    // A matrix of one element is divided by its size.
    const [name] = findGroup(root, 'model_weights')!.members.keys();
    expect(name).toBe('input');
    const kernel = findDataset(root, `model_weights/${namesOf(root)[1]}/${namesOf(root)[1]}/kernel:0`)!;
    expect(Math.abs((await kernel.read()).data[0]!)).toBeCloseTo(1, 6);
  });

  test('has scale and centre where a batch normalisation has none', async () => {
    const root = await saved(stack([2], [layers.batchNormalization({ scale: false, center: false })]));
    const weight = async (name: string) =>
      (await findDataset(root, `model_weights/batch_normalization/batch_normalization/${name}:0`)!.read()).data;
    expect(layersOf(root)[1]!.config).toMatchObject({ scale: true, center: true });
    expect(await weight('gamma')).toEqual(Float32Array.of(1, 1));
    expect(await weight('beta')).toEqual(Float32Array.of(0, 0));
  });
});

class Own extends Layer {
  static override readonly className = 'OwnOfDeeplearning4j';
  override call([x]: readonly never[]): never {
    return x!;
  }
}
registerClass(Own);

const conv = (options = {}) => layers.conv2d({ filters: 4, kernelSize: 3, ...options });
const transposed = (options: object) => layers.conv2dTranspose({ filters: 3, kernelSize: 3, ...options });

/** What is refused, on which samples, and what the error says of it. */
const refused: Readonly<Record<string, readonly [Shape, () => Layer, message: RegExp]>> = {
  'a layer of the user': [
    [3],
    () => new Own({ name: 'own' }),
    /layer "own" \(OwnOfDeeplearning4j\): .* does not read it; it reads Activation,/,
  ],
  depthwiseConv2d: [
    image,
    () => layers.depthwiseConv2d({ kernelSize: 3 }),
    /layer "depthwise_conv2d" \(DepthwiseConv2D\): .* does not read/,
  ],
  groupNormalization: [image, () => layers.groupNormalization({ groups: 2 }), /GroupNormalization.* does not read/],
  layerNormalization: [[3], () => layers.layerNormalization(), /LayerNormalization.* does not read/],
  minibatchStdDev: [image, () => layers.minibatchStdDev(), /MinibatchStdDev.* does not read/],
  prelu: [[3], () => layers.prelu(), /PReLU.* does not read/],
  randomTranslation: [
    image,
    () => layers.randomTranslation({ heightFactor: 0.5, widthFactor: 0.5 }),
    /RandomTranslation.* does not read/,
  ],
  gelu: [
    [3],
    () => layers.dense({ units: 2, activation: 'gelu' }),
    /layer "dense" \(Dense\): activation is "gelu"; .* takes linear, relu,/,
  ],
  leakyRelu: [[3], () => layers.activation({ activation: 'leakyRelu' }), /activation is "leakyRelu"/],
  'groups of a convolution': [image, () => conv({ groups: 2 }), /layer "conv2d" \(Conv2D\): groups is 2; .* takes 1$/],
  'groups of a convolution of sequences': [
    [6, 4],
    () => layers.conv1d({ filters: 4, kernelSize: 2, groups: 2 }),
    /groups is 2/,
  ],
  'padding of the output': [
    image,
    () => transposed({ strides: 2, outputPadding: 1 }),
    /outputPadding is \[1, 1\]; .* takes none/,
  ],
  'strides wider than the kernel': [
    image,
    () => transposed({ strides: 4 }),
    /kernelSize is \[3, 3\]; .* no less than the strides, \[4, 4\]/,
  ],
  'bilinear up-sampling': [
    image,
    () => layers.upSampling2d({ interpolation: 'bilinear' }),
    /interpolation is "bilinear"; .* takes nearest/,
  ],
  'dense layers of sequences': [
    [3, 4],
    () => layers.dense({ units: 2 }),
    /inputShape is \[3, 4\]; .* shapes of 1 dimensions/,
  ],
  'permutation of images': [
    image,
    () => layers.permute({ dims: [2, 1, 3] }),
    /layer "permute" \(Permute\): inputShape is \[6, 5, 4\]/,
  ],
  'samples of four dimensions': [
    [2, 2, 2, 2],
    () => layers.flatten(),
    /model "stack" takes samples of \[2, 2, 2, 2\]; .* at most 3/,
  ],
  'reshape to four dimensions': [
    [16],
    () => layers.reshape({ targetShape: [2, 2, 2, 2] }),
    /targetShape is \[2, 2, 2, 2\]/,
  ],
};

async function expectRefusal(model: Model, message: RegExp, path = join(folder, 'refused.h5')): Promise<void> {
  const refusal = { code: 'CUDA_GAN_VALUE', message: expect.stringMatching(message) };
  await expect(model.save(path, { for: 'deeplearning4j' })).rejects.toMatchObject(refusal);
}

describe('what Deeplearning4j does not read', () => {
  test.each(Object.entries(refused))('%s is refused by name', async (_, [shape, made, message]) => {
    const path = join(folder, 'refused.h5');
    await writeFile(path, 'earlier');
    await expectRefusal(stack(shape, [made()]), message, path);
    expect(await readFile(path, 'utf8')).toBe('earlier');
  });

  test('merges of other shapes, along other axes, and inner products are refused', async () => {
    const x = input({ shape: [4, 3] });
    const y = input({ shape: [1, 3] });
    const merged = (layer: Layer, tensors = [x, y]) => connect({ inputs: tensors, outputs: layer.apply(tensors) });
    await expectRefusal(
      merged(layers.multiply()),
      /layer "multiply" \(Multiply\): it is given \[4, 3\] and \[1, 3\]; .* takes equal shapes/,
    );
    await expectRefusal(merged(layers.concatenate({ axis: 1 })), /axis is 1; .* the last one, -1/);
    const vectors = [input({ shape: [3] }), input({ shape: [3] })];
    await expectRefusal(merged(layers.dot(), vectors), /layer "dot" \(Dot\): .* does not read/);
  });

  test('layers in several places, and places in training mode, are refused', async () => {
    const x = input({ shape: [3] });
    const shared = layers.dense({ units: 3, name: 'shared' });
    await expectRefusal(
      connect({ inputs: x, outputs: shared.apply(shared.apply(x)) }),
      /layer "shared" \(Dense\) is applied in several places/,
    );
    const always = layers.dropout({ rate: 0.5, name: 'always' }).apply(x, { training: true });
    await expectRefusal(
      connect({ inputs: x, outputs: always }),
      /layer "always" \(Dropout\) is applied with training: true/,
    );
  });

  test('a model without shapes is refused', async () => {
    const model = new Sequential({ layers: [layers.dense({ units: 2 })], name: 'stack' });
    await expectRefusal(model, /model "stack" has no shapes yet/);
  });

  test('are these of the layers that Keras has', () => {
    expect(Object.keys(kerasLayers).filter((name) => !importedClasses.includes(name))).toEqual([
      'DepthwiseConv2D',
      'Dot',
      'GroupNormalization',
      'LayerNormalization',
      'PReLU',
      'RandomTranslation',
      // Written as the layer within.
      'SpectralNormalization',
    ]);
  });
});
