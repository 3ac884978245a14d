// The files of a model of TensorFlow.js: what is written, what is read of other writers, and what is refused.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  model as connect,
  type Functional,
  input,
  Layer,
  layers,
  loadModel,
  type Model,
  ops,
  type Prediction,
  Sequential,
  type Shape,
  type SymbolicTensor,
  tensor,
  type Value,
} from '../../../lib/index';
import { scratchFolder } from '../../gan/scratch';
import { normalTensor } from '../../models/small-models';
import { error } from '../../support/errors';
import { randomizeWeights } from '../../support/model-cases';
import {
  loadInTensorflow,
  type ModelJson,
  predictInTensorflow,
  readJson,
  saveInTensorflow,
  tf,
  tfLayers,
} from './tensorflow';

let folder: string;
let path: string;
beforeEach(() => {
  folder = scratchFolder();
  path = join(folder, 'model.json');
});

const small = (units = 2) =>
  new Sequential({ layers: [layers.dense({ units, inputShape: [3], name: 'dense' })], device: 'cpu', seed: 5 });

async function contentsOf(model: Model): Promise<Readonly<Record<string, unknown>>> {
  const values = await model.getWeights();
  return Object.fromEntries(model.namedWeights.map(([name], i) => [name, values[i]]));
}

describe('what is written', () => {
  test('is JSON as TensorFlow.js has it, and the weights beside it', async () => {
    const model = small();
    await model.save(path);
    const json = await readJson(path);
    expect(json).toMatchObject({
      format: 'layers-model',
      generatedBy: expect.stringMatching(/^cuda-gan v\d/),
      convertedBy: null,
      modelTopology: {
        keras_version: expect.any(String),
        backend: 'tensorflow',
        model_config: { class_name: 'Sequential' },
      },
      weightsManifest: [
        {
          paths: [expect.stringMatching(/^model\.group1-shard1of1\.[\da-f]{16}\.bin$/)],
          weights: [
            { name: 'dense/kernel', shape: [3, 2], dtype: 'float32' },
            { name: 'dense/bias', shape: [2], dtype: 'float32' },
          ],
        },
      ],
      userDefinedMetadata: { cuda_gan: { seed: 5 } },
    });
    expect(json.trainingConfig).toBeUndefined();
    expect((await readdir(folder)).sort()).toEqual([json.weightsManifest[0]!.paths[0], 'model.json'].sort());
    const [kernel, bias] = await model.getWeights();
    const bytes = await readFile(join(folder, json.weightsManifest[0]!.paths[0]!));
    expect(new Float32Array(Uint8Array.from(bytes).buffer)).toEqual(Float32Array.of(...kernel!.data, ...bias!.data));
  });

  test('is split into files of 4 MiB, across tensors', async () => {
    const model = new Sequential({
      layers: [layers.dense({ units: 1500, inputShape: [1000] }), layers.dense({ units: 3 })],
      device: 'cpu',
    });
    await model.save(path);
    const { weightsManifest } = await readJson(path);
    const sizes = await Promise.all(
      weightsManifest[0]!.paths.map(async (name) => (await readFile(join(folder, name))).length),
    );
    expect(sizes).toEqual([2 ** 22, 4 * (1000 * 1500 + 1500 + 1500 * 3 + 3) - 2 ** 22]);
    const [kernel] = await (await loadModel(path, { device: 'cpu' })).getWeights();
    const [expected] = await model.getWeights();
    // Jest takes minutes to compare so many elements.
    expect(Buffer.from(kernel!.data.buffer).equals(Buffer.from(expected!.data.buffer))).toBe(true);
    expect((await loadInTensorflow(path)).countParams()).toBe(model.countParams());
  });

  test('keeps seed and pixel range', async () => {
    const model = new Sequential({ layers: [layers.flatten({ inputShape: [2, 2] })], seed: 7, pixelRange: [-1, 1] });
    await model.save(path);
    expect(await loadModel(path)).toMatchObject({ seed: 7, pixelRange: [-1, 1], name: model.name });
    expect((await readdir(folder)).length).toBe(1);
    expect((await loadInTensorflow(path)).weights).toEqual([]);
  });

  test('replaces what was there: files of weights that are no longer named go', async () => {
    await small().save(path);
    const [older] = (await readJson(path)).weightsManifest[0]!.paths;
    await writeFile(join(folder, 'group1-shard1of1.bin'), 'of another model');
    const other = join(folder, 'other.json');
    await small().save(other);
    await small(4).save(path);
    const names = await readdir(folder);
    expect(names).toHaveLength(5);
    expect(names).not.toContain(older);
    await loadModel(path);
    await loadModel(other);
    await small(4).save(path);
    expect((await readdir(folder)).sort()).toEqual(names.sort());
  });

  test('leaves what was there where it cannot be written', async () => {
    await mkdir(path);
    await expect(small().save(path)).rejects.toThrow(error('CUDA_GAN_FILE', 'it is a folder'));
    expect(await readdir(folder)).toEqual(['model.json']);
    await expect(small().save(join(folder, 'none', 'model.json'))).rejects.toThrow(
      error('CUDA_GAN_FILE', 'no such file'),
    );
    const wrong = small();
    await wrong.setWeights([tensor(new Float32Array(6), [3, 2]), tensor(new Float32Array(2))]);
    await expect(wrong.save(join(folder, 'x.json'), { for: 'keras' })).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'nothing for a model of TensorFlow.js'),
    );
    expect(await readdir(folder)).toEqual(['model.json']);
  });

  test('has names for files that need no escape in a URL', async () => {
    const odd = join(folder, 'a #1 100%?.json');
    await small().save(odd);
    expect((await readJson(odd)).weightsManifest[0]!.paths[0]).toMatch(/^a__1_100__\.group1/);
    await loadModel(odd);
  });
});

describe('models within models', () => {
  /** Both parts call their layer `dense`. */
  function nested(): Functional<Prediction> {
    const part = () => new Sequential({ layers: [layers.dense({ units: 3, inputShape: [3] }), layers.reLU()] });
    const from = input({ shape: [3] });
    const twice = part();
    const inner = connect({ inputs: from, outputs: layers.dense({ units: 3 }).apply(from) });
    const x = input({ shape: [3] });
    const first = twice.apply<SymbolicTensor>(x);
    const outputs = layers
      .dense({ units: 2 })
      .apply(
        layers
          .add()
          .apply([
            twice.apply<SymbolicTensor>(first),
            inner.apply<SymbolicTensor>(part().apply<SymbolicTensor>(first)),
          ]),
      );
    return connect({ inputs: x, outputs, device: 'cpu', seed: 1 }) as Functional<Prediction>;
  }

  test('have names of their own for weights that are called alike, and predict the same', async () => {
    const model = nested();
    await randomizeWeights(model);
    await model.save(path);
    const names = (await readJson(path)).weightsManifest[0]!.weights.map(({ name }) => name);
    expect(new Set(names).size).toBe(8);
    expect(names).toEqual(
      expect.arrayContaining(['dense/kernel', 'dense_1/kernel', 'dense_2/kernel', 'dense_3/kernel']),
    );
    const x = normalTensor([4, 3], 1);
    const expected = await model.predict(x);
    const theirs = await loadInTensorflow(path);
    const { data } = await predictInTensorflow(theirs, [x]);
    expect(Array.from(data)).toEqual(Array.from(expected.data, (value) => expect.closeTo(value, 5)));
    const back = await loadModel(path, { device: 'cpu' });
    expect((await back.predict(x)).data).toEqual(expected.data);
    await saveInTensorflow(theirs, path);
    expect((await (await loadModel<Prediction>(path, { device: 'cpu' })).predict(x)).data).toEqual(expected.data);
  });

  test('take the weights of one that calls its layers otherwise', async () => {
    const model = nested();
    await randomizeWeights(model);
    await model.save(path);
    const other = nested();
    await other.loadWeights(path);
    expect(await contentsOf(other)).toEqual(await contentsOf(model));
  });

  test('that are frozen have frozen layers, which TensorFlow.js looks at', async () => {
    const part = new Sequential({ layers: [layers.dense({ units: 3, inputShape: [3] })], trainable: false });
    await new Sequential({ layers: [part, layers.dense({ units: 1 })] }).save(path);
    const { trainableWeights } = await loadInTensorflow(path);
    expect(trainableWeights.map(({ originalName }) => originalName)).toEqual(['dense/kernel', 'dense/bias']);
  });
});

describe('layers of one’s own', () => {
  class Gain extends Layer {
    static override readonly className: string = 'Gain';
    readonly #bound: number;

    constructor({ upperBound, ...options }: { upperBound: number; name?: string }) {
      super(options);
      this.#bound = upperBound;
    }

    protected override createWeights([shape]: readonly [Shape]): void {
      this.addWeight('gain', [shape.at(-1)!], 'ones');
    }

    override call([x]: readonly [Value]): Value {
      return ops.minimum(ops.multiply(x, this.weight('gain', x)), ops.fill(x.graph, [], this.#bound));
    }

    override getConfig() {
      return { ...super.getConfig(), upperBound: this.#bound };
    }
  }

  class TheirGain extends tfLayers.layers.Layer {
    static readonly className = 'Gain';
    readonly #bound: number;
    #gain: ReturnType<tfLayers.layers.Layer['addWeight']> | undefined;

    constructor({ upperBound, ...options }: { upperBound: number }) {
      super(options);
      this.#bound = upperBound;
    }

    override build(shape: number[]): void {
      this.#gain = this.addWeight('gain', [shape.at(-1)!], 'float32', tfLayers.initializers.ones());
      this.built = true;
    }

    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return tf.minimum(tf.mul([inputs].flat()[0]!, this.#gain!.read()), this.#bound);
    }

    override getConfig() {
      return { ...super.getConfig(), upperBound: this.#bound };
    }
  }
  tf.serialization.registerClass(TheirGain);

  test('go by the name of their class, with their options', async () => {
    const model = new Sequential({
      layers: [layers.dense({ units: 3, inputShape: [3] }), new Gain({ upperBound: 0.25 })],
    });
    await randomizeWeights(model);
    await model.save(path);
    const x = normalTensor([4, 3], 1);
    const expected = (await model.predict(x)).data;
    const theirs = await loadInTensorflow(path);
    const { data } = await predictInTensorflow(theirs, [x]);
    expect(Array.from(data)).toEqual(Array.from(expected, (value) => expect.closeTo(value, 5)));
    await expect(loadModel(path)).rejects.toThrow(
      error('CUDA_GAN_FILE', 'layer "gain" (Gain): there is no such layer'),
    );
    const read = async () => (await (await loadModel(path, { customObjects: { Gain } })).predict(x)).data;
    expect(await read()).toEqual(expected);
    await saveInTensorflow(theirs, path);
    expect(await read()).toEqual(expected);
    // A class that is registered is found by its name.
    expect((await (await loadModel(path)).predict(x)).data).toEqual(expected);
  });
});

describe('what is refused when a model is saved', () => {
  test.each<readonly [string, () => Layer, string]>([
    [
      'a name',
      () => layers.dense({ units: 2, name: 'two words' }),
      'layer "two words" (Dense): in TensorFlow.js, names',
    ],
    [
      'an activity regularizer',
      () => layers.dense({ units: 2, activityRegularizer: 'l2' }),
      'activity_regularizer is an object; TensorFlow.js has no such option',
    ],
    ['a constraint', () => layers.layerNormalization({ gammaConstraint: 'nonNeg' }), 'gamma_constraint is an object'],
  ])('%s that TensorFlow.js does not take', async (_, make, message) => {
    const model = new Sequential({ layers: [layers.dense({ units: 3, inputShape: [3] }), make()] });
    await expect(model.save(path)).rejects.toThrow(error('CUDA_GAN_VALUE', message));
    expect(await readdir(folder)).toEqual([]);
  });

  test('a layer that is applied in a mode of its own', async () => {
    const x = input({ shape: [3] });
    const outputs = layers.dropout({ rate: 0.5, name: 'drop' }).apply(x, { training: true });
    await expect(connect({ inputs: x, outputs }).save(path)).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'layer "drop" is applied with {"training":true}'),
    );
  });
});

test('regularizers, constraints and initializers are those of TensorFlow.js', async () => {
  const model = new Sequential({
    layers: [
      layers.dense({
        units: 3,
        inputShape: [3],
        kernelInitializer: 'lecunNormal',
        kernelRegularizer: 'l1',
        kernelConstraint: { name: 'maxNorm', config: { maxValue: 2, axis: [0] } },
        biasInitializer: 'lecunUniform',
        biasRegularizer: { name: 'l1l2', config: { l1: 0.25, l2: 0.5 } },
        biasConstraint: 'nonNeg',
      }),
      layers.dense({
        units: 3,
        kernelInitializer: 'orthogonal',
        kernelRegularizer: 'l2',
        kernelConstraint: 'unitNorm',
      }),
      ...(['glorotNormal', 'glorotUniform', 'heNormal', 'heUniform', 'randomNormal', 'randomUniform'] as const).map(
        (kernelInitializer) => layers.dense({ units: 3, kernelInitializer }),
      ),
      layers.dense({
        units: 3,
        kernelInitializer: 'truncatedNormal',
        biasInitializer: { name: 'constant', config: { value: 2 } },
      }),
    ],
    device: 'cpu',
  });
  await model.save(path);
  const configsOf = ({ layers: found }: Model) =>
    found.map((layer) => withoutZeros({ ...layer.getConfig(), name: layer.name }));
  const configs = async () => configsOf(await loadModel(path));
  const ours = configsOf(model);
  expect(await configs()).toEqual(ours);
  await saveInTensorflow(await loadInTensorflow(path), path);
  expect(await configs()).toEqual(ours);
});

/** Of regularizers: `l1` is `l1l2` without the other. */
function withoutZeros(config: object): unknown {
  const text = JSON.stringify(config);
  return JSON.parse(
    text
      .replaceAll(/"name":"l[12]"/g, '"name":"l1l2"')
      .replaceAll(/,?"l[12]":0(?=[,}])/g, '')
      .replaceAll('{,', '{'),
  );
}

describe('files of the converter', () => {
  /** As the Python converter makes them of a Keras model: a group of weights for each layer. */
  async function converted(quantization?: object): Promise<ModelJson> {
    await small().save(path);
    const { userDefinedMetadata: _, ...json } = await readJson(path);
    const { weights } = json.weightsManifest[0]!;
    const manifest = [
      { paths: ['group1-shard1of2.bin', './group1-shard2of2.bin'], weights: [{ ...weights[0]!, ...quantization }] },
      { paths: ['group2-shard1of1.bin'], weights: [weights[1]!] },
    ];
    const converter = { generatedBy: 'keras v2.15.0', convertedBy: 'TensorFlow.js Converter v4.22.0' };
    const made = { ...json, ...converter, weightsManifest: manifest };
    await writeFile(path, JSON.stringify(made));
    await writeFile(join(folder, 'group2-shard1of1.bin'), new Uint8Array(Float32Array.of(7, 8).buffer));
    return made as ModelJson;
  }

  async function writeKernel(bytes: Uint8Array): Promise<void> {
    await writeFile(join(folder, 'group1-shard1of2.bin'), bytes.subarray(0, 5));
    await writeFile(join(folder, 'group1-shard2of2.bin'), bytes.subarray(5));
  }

  test('are read, a tensor in two files', async () => {
    await converted();
    await writeKernel(new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer));
    const expected = [
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      tensor([7, 8]),
    ];
    expect(await (await loadModel(path)).getWeights()).toEqual(expected);
    const model = small();
    await model.loadWeights(path);
    expect(await model.getWeights()).toEqual(expected);
  });

  test.each([
    ['uint8', Uint8Array.of(0, 1, 2, 3, 254, 255)],
    ['uint16', Uint16Array.of(0, 1, 2, 3, 65534, 65535)],
    ['float16', Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x3555, 0x8000)],
  ] as const)('are read as TensorFlow.js reads them where weights are quantized to %s', async (dtype, values) => {
    await converted({ quantization: { dtype, scale: 0.0123, min: -1.7, original_dtype: 'float32' } });
    await writeKernel(new Uint8Array(values.buffer));
    const theirs = await (await loadInTensorflow(path)).weights[0]!.read().data();
    const [kernel] = await (await loadModel(path)).getWeights();
    expect(kernel!.data).toEqual(theirs);
  });

  test('may have numbers for weights, layers that are called otherwise, and models within', async () => {
    const json = await converted();
    await writeKernel(new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer));
    const expected = [
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      tensor([7, 8]),
    ];
    for (const names of [
      ['dense/0', 'dense/1'],
      ['dense/vars/0', 'dense/vars/1'],
      ['sequential/dense/kernel', 'sequential/dense/bias'],
    ]) {
      const manifest = json.weightsManifest.map(({ paths, weights }, i) => ({
        paths,
        weights: [{ ...weights[0]!, name: names[i] }],
      }));
      await writeFile(path, JSON.stringify({ ...json, weightsManifest: manifest }));
      expect(await (await loadModel(path)).getWeights()).toEqual(expected);
    }
    const other = new Sequential({ layers: [layers.dense({ units: 2, inputShape: [3], name: 'other' })] });
    await other.loadWeights(path);
    expect(await other.getWeights()).toEqual(expected);
  });
});

test('bilinear interpolation of TensorFlow.js is refused, which is another one', async () => {
  const theirs = tfLayers.sequential();
  theirs.add(tfLayers.layers.upSampling2d({ inputShape: [2, 2, 1], interpolation: 'bilinear' }));
  await saveInTensorflow(theirs, path);
  await expect(loadModel(path)).rejects.toThrow(
    error('CUDA_GAN_FILE', 'interpolation is "bilinear", which TensorFlow.js computes'),
  );
});
