// Layers, held to what Keras makes of the same input and weights, and to its gradients (test/golden/make_keras_layers.py).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createDevice } from '../../lib/devices/select';
import { layers } from '../../lib/index';
import { type Layer, WeightStreams } from '../../lib/layers/layer';
import { gradients } from '../../lib/ops/gradients';
import { multiply, sum } from '../../lib/ops/index';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import { Variable } from '../../lib/program/variable';
import { error } from '../support/errors';
import { floats, type Golden, integers, mismatches, u } from '../support/keras';
import { applyLayer } from './apply-layer';

interface GoldenLayer {
  readonly layer: string;
  readonly options: object;
  readonly x: Golden;
  readonly weights: readonly Golden[];
  /** The gradient that flows into y. */
  readonly upstream: Golden;
  readonly y: Golden;
  readonly dx: Golden;
  readonly dweights: readonly Golden[];
}

interface GoldenSpectral {
  readonly x: Golden;
  readonly weights: readonly Golden[];
  readonly y: Golden;
}

const { cases, embedding, spectralNormalization } = JSON.parse(
  readFileSync(join(__dirname, '../golden/keras-layers.json'), 'utf8'),
) as {
  readonly cases: readonly GoldenLayer[];
  readonly embedding: Readonly<Record<'x' | 'embeddings' | 'upstream' | 'y' | 'dembeddings', Golden>>;
  readonly spectralNormalization: Readonly<Record<'dense' | 'conv2d' | 'conv2dTranspose', GoldenSpectral>>;
};

/** `Conv2DTranspose` → `conv2dTranspose`, as TensorFlow.js names its functions. */
const factoryName = (className: string) =>
  className === 'PReLU' ? 'prelu' : `${className[0]!.toLowerCase()}${className.slice(1)}`.replace(/(\d)D/, '$1d');

const device = createDevice('cpu', { threads: 2 });

/** Sums of at most 100 terms, in whatever order, whose partial sums are no larger than four times the largest result. */
const toleranceFor = ({ data }: Golden) => {
  const bound = 100 * u * 4 * Math.max(1, ...data.map(Math.abs));
  return () => bound;
};

test.each(cases.map((golden) => [golden.layer, JSON.stringify(golden.options), golden] as const))(
  '%s %s equals Keras, and so do its gradients',
  async (className, _, { options, x, weights, upstream, y, dx, dweights }) => {
    const factory = (layers as unknown as Record<string, (options: object) => Layer>)[factoryName(className)]!;
    const layer = factory(options);
    layer.build(x.shape.slice(1), new WeightStreams(1));
    expect(layer.className).toBe(className);
    expect(layer.weights.map(({ shape }) => shape)).toEqual(weights.map(({ shape }) => shape));
    expect([x.shape[0], ...layer.outputShape]).toEqual(y.shape);
    await Promise.all(layer.weights.map((weight, i) => weight.write(floats(weights[i]!).data, device)));

    const graph = new Graph();
    const given = (name: string, golden: Golden) =>
      graph.read(new Variable({ name, shape: golden.shape, initial: () => floats(golden).data }));
    const input = given('x', x);
    const output = layer.recordOne(input, { training: false });
    const total = sum(multiply(output, given('upstream', upstream)));
    const wrt = [input, ...layer.trainableWeights.map((weight) => graph.read(weight))];
    const found = [output, ...gradients([total], wrt)];
    found.forEach((value, i) => {
      graph.output(String(i), value);
    });
    const { outputs } = await device.compile(buildProgram(graph, device)).run(1);
    [y, dx, ...dweights].forEach((golden, i) => {
      expect(mismatches(outputs.get(String(i))!, golden.data, toleranceFor(golden))).toEqual([]);
    });
  },
);

test('embedding equals Keras, and so does the gradient of its table', async () => {
  const { x, embeddings, upstream, y, dembeddings } = embedding;
  const layer = layers.embedding({ inputDim: 5, outputDim: 3 });
  layer.build(x.shape.slice(1), new WeightStreams(1));
  const [table] = layer.weights;
  await table!.write(floats(embeddings).data, device);
  const graph = new Graph();
  const numbers = new Variable({ name: 'x', shape: x.shape, dtype: 'int32', initial: () => integers(x).data });
  const output = layer.recordOne(graph.read(numbers), { training: false });
  const weights = new Variable({ name: 'upstream', shape: upstream.shape, initial: () => floats(upstream).data });
  const [gradient] = gradients([sum(multiply(output, graph.read(weights)))], [graph.read(table!)]);
  graph.output('y', output);
  graph.output('gradient', gradient!);
  const { outputs } = await device.compile(buildProgram(graph, device)).run(1);
  expect(outputs.get('y')).toEqual(floats(y).data);
  expect(mismatches(outputs.get('gradient')!, dembeddings.data, toleranceFor(dembeddings))).toEqual([]);
});

describe('spectralNormalization', () => {
  const wrapped = {
    dense: () => layers.dense({ units: 4 }),
    conv2d: () => layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same' }),
    conv2dTranspose: () => layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' }),
  };
  const made = async (name: keyof typeof wrapped, powerIterations: number) => {
    const { x, weights, y } = spectralNormalization[name];
    const layer = layers.spectralNormalization({ layer: wrapped[name](), powerIterations });
    layer.build(x.shape.slice(1), new WeightStreams(1));
    const contents = () => Promise.all(layer.weights.map((weight) => weight.read(device)));
    await Promise.all(weights.map((weight, i) => layer.weights[i]!.write(floats(weight).data, device)));
    const apply = (options: { training: boolean }) => applyLayer(layer, floats(x), { ...options, device });
    return { layer, contents, apply, wanted: y };
  };

  test.each(Object.keys(wrapped) as (keyof typeof wrapped)[])(
    'of %s divides by the largest singular value, as Keras does, and leaves the kernel as it is',
    async (name) => {
      const { apply, contents, wanted } = await made(name, 200);
      const [kernel] = await contents();
      const found = await apply({ training: true });
      expect(mismatches(found, wanted.data, toleranceFor(wanted))).toEqual([]);
      expect((await contents())[0]).toEqual(kernel);
    },
  );

  test('comes nearer with every training step, and infers without moving', async () => {
    const { apply, contents, wanted } = await made('dense', 1);
    const distance = (found: ArrayLike<number>) =>
      Math.max(...wanted.data.map((value, i) => Math.abs(found[i]! - value)));
    const first = distance(await apply({ training: true }));
    for (let i = 0; i < 100; i++) await apply({ training: true });
    const before = await contents();
    const last = await apply({ training: false });
    expect(distance(last)).toBeLessThan(first);
    expect(mismatches(last, wanted.data, toleranceFor(wanted))).toEqual([]);
    expect(await contents()).toEqual(before);
  });

  test('moves nothing where it is frozen', async () => {
    const { layer, apply, contents } = await made('conv2d', 1);
    layer.trainable = false;
    const before = await contents();
    await apply({ training: true });
    expect(await contents()).toEqual(before);
    expect(layer.trainableWeights).toEqual([]);
  });

  test('needs a layer with a kernel', () => {
    const layer = layers.spectralNormalization({ layer: layers.reLU() });
    expect(() => layer.build([3])).toThrow(
      error('CUDA_GAN_VALUE', 'spectralNormalization needs a layer with a kernel, and a ReLU has none'),
    );
  });
});
