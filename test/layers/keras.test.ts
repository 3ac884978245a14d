// Layers, held to what Keras makes of the same input and weights, and to its gradients (test/golden/make_keras_layers.py).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createDevice } from '../../lib/devices/select';
import { layers } from '../../lib/index';
import { type Layer, WeightStreams } from '../../lib/layers/layer';
import { gradients } from '../../lib/ops/gradients';
import { multiply, sum } from '../../lib/ops/index';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import { Variable } from '../../lib/program/variable';
import { floats, type Golden, mismatches, u } from '../support/keras';

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

const cases: readonly GoldenLayer[] = JSON.parse(readFileSync(join(__dirname, '../golden/keras-layers.json'), 'utf8'));

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
    const output = layer.call(input, { training: false });
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
