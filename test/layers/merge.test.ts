// Layers with several inputs, held to Keras, and what they refuse.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createDevice, input, type Layer, layers } from '../../lib/index';
import { gradients } from '../../lib/ops/gradients';
import { multiply, sum } from '../../lib/ops/index';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import { Variable } from '../../lib/program/variable';
import { error } from '../support/errors';
import { floats, type Golden, mismatches, u } from '../support/keras';

interface GoldenMerge {
  readonly layer: string;
  readonly options: { readonly axis?: number };
  readonly inputs: readonly Golden[];
  /** The gradient that flows into y. */
  readonly upstream: Golden;
  readonly y: Golden;
  readonly gradients: readonly Golden[];
}

const { merges }: { readonly merges: readonly GoldenMerge[] } = JSON.parse(
  readFileSync(join(__dirname, '../golden/keras-functional.json'), 'utf8'),
);

const factories: Readonly<Record<string, (options: object) => Layer>> = {
  Add: layers.add,
  Average: layers.average,
  Concatenate: layers.concatenate,
  Maximum: layers.maximum,
  Multiply: layers.multiply,
};

const device = createDevice('cpu', { threads: 1 });

/** Results of at most three factors, and gradients that are sums of at most 60 of them, none above 64 in size. */
const tolerance = () => 60 * 64 * u;

const shapesOf = (inputs: readonly Golden[]) => inputs.map(({ shape }) => JSON.stringify(shape)).join(' ');

test.each(merges.map((golden) => [golden.layer, shapesOf(golden.inputs), golden] as const))(
  '%s of %s equals Keras, and so do its gradients',
  async (className, _, { options, inputs, upstream, y, gradients: wanted }) => {
    const layer = factories[className]!(options);
    expect(layer.className).toBe(className);
    const applied = layer.apply(inputs.map(({ shape }) => input({ shape: shape.slice(1) })));
    expect(applied.shape).toEqual(y.shape.slice(1));

    const graph = new Graph();
    const given = (golden: Golden) =>
      graph.read(new Variable({ name: 'x', shape: golden.shape, initial: () => floats(golden).data }));
    const values = inputs.map(given);
    const [output] = layer.record(values, { training: true });
    const found = [output!, ...gradients([sum(multiply(output!, given(upstream)))], values)];
    found.forEach((value, i) => {
      graph.output(String(i), value);
    });
    const { outputs } = await device.compile(buildProgram(graph, device)).run(1);
    [y, ...wanted].forEach((golden, i) => {
      expect(mismatches(outputs.get(String(i))!, golden.data, tolerance)).toEqual([]);
    });
  },
);

describe('errors name layer and shapes:', () => {
  const of = (...shapes: number[][]) => shapes.map((shape) => input({ shape }));

  test.each<[string, () => unknown, string]>([
    [
      'a sum of shapes that do not broadcast',
      () => layers.add({ name: 'sum' }).apply(of([3, 4], [3, 5])),
      'sum: add cannot broadcast [3, 4] with [3, 5]',
    ],
    [
      'a concatenation of other dimensions',
      () => layers.concatenate({ name: 'join' }).apply(of([3, 4], [2, 4])),
      'join: concatenate cannot join samples of [3, 4] and [2, 4] along axis -1',
    ],
    [
      'a concatenation of other ranks',
      () => layers.concatenate({ name: 'join' }).apply(of([3, 4], [4])),
      'join: concatenate cannot join samples of [3, 4] and [4] along axis -1',
    ],
    [
      'a concatenation along an axis that does not exist',
      () => layers.concatenate({ name: 'join', axis: 3 }).apply(of([3, 4], [3, 4])),
      'join: concatenate cannot join samples of [3, 4] and [3, 4] along axis 3',
    ],
  ])('%s', (_, apply, message) => {
    expect(apply).toThrow(error('CUDA_GAN_SHAPE', message));
  });

  test.each<[string, () => unknown, string]>([
    [
      'a single input',
      () => layers.maximum({ name: 'most' }).apply(input({ shape: [3] })),
      'most: takes a list of at least 2 inputs, found 1',
    ],
    [
      'too many inputs',
      () => layers.dense({ units: 1, name: 'out' }).apply(of([3], [3])),
      'out: takes 1 input, found 2',
    ],
    [
      'the batch as an axis',
      () => layers.concatenate({ axis: 0 }),
      'axis is 0; allowed are whole numbers other than 0',
    ],
    [
      'whole numbers',
      () => layers.add({ name: 'sum' }).apply([input({ shape: [2], dtype: 'int32' }), input({ shape: [2] })]),
      'sum: add works on float32, not on int32',
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(error('CUDA_GAN_VALUE', message));
  });
});
