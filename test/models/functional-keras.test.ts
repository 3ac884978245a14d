// A model with several inputs and outputs, a shared layer, a way around a layer and a part that always infers, held to Keras.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type DeviceName, input, layers, model, optimizers, Sequential, type Tensor } from '../../lib/index';
import { rowsOf } from '../../lib/models/data';
import { floats, type Golden, type GoldenResult, integers, mismatches, u } from '../support/keras';

const figures = ['loss', 'realLoss', 'digitLoss', 'realAccuracy', 'digitAccuracy'] as const;

interface GoldenTraining {
  readonly x: readonly Golden[];
  readonly real: Golden;
  readonly digit: Golden;
  /** By layer. */
  readonly weights: Readonly<Record<string, readonly Golden[]>>;
  readonly after: Readonly<
    Record<
      (typeof figures)[number] | 'weights' | 'predictedReal' | 'predictedDigit' | 'evaluated' | 'history',
      GoldenResult
    >
  >;
}

const { training: golden }: { readonly training: GoldenTraining } = JSON.parse(
  readFileSync(join(__dirname, '../golden/keras-functional.json'), 'utf8'),
);

async function goldenModel(device: DeviceName) {
  const [left, right, extra] = [6, 6, 2].map((size) => input({ shape: [size] }));
  const shared = layers.dense({ units: 4, activation: 'tanh', name: 'shared' });
  const joined = layers.concatenate().apply([shared.apply(left!), shared.apply(right!), extra!]);
  const hidden = layers.dense({ units: 10, activation: 'tanh', name: 'hidden' }).apply(joined);
  const base = new Sequential({
    name: 'base',
    layers: [layers.dense({ units: 5 }), layers.batchNormalization({ momentum: 0.75 })],
  });
  const features = base.apply(layers.add().apply([joined, hidden]), { training: false });
  const norm = layers.batchNormalization({ momentum: 0.75, name: 'norm' }).apply(features);
  const made = model({
    inputs: [left!, right!, extra!],
    outputs: [
      layers.dense({ units: 1, activation: 'sigmoid', name: 'real' }).apply(norm),
      layers.dense({ units: 3, activation: 'softmax', name: 'digit' }).apply(features),
    ],
    device,
  });
  for (const [name, weights] of Object.entries(golden.weights)) {
    const { weights: variables } = made.getLayer(name);
    await Promise.all(variables.map((variable, i) => variable.write(floats(weights[i]!).data, made.device)));
  }
  made.compile({
    optimizer: optimizers.adam({ learningRate: 1 / 128, beta1: 0.5, beta2: 1 - 2 ** -10 }),
    loss: ['binaryCrossentropy', 'sparseCategoricalCrossentropy'],
    lossWeights: [1, 0.25],
    metrics: ['accuracy'],
  });
  return made;
}

const x = golden.x.map(floats);
const y = [floats(golden.real), integers(golden.digit)];

/** As in keras.test.ts. */
const afterRounding = (value: number) => (u + 1e-9) * Math.abs(value) + 1e-10;
const likeKeras = (value: number, rounding: number) => 4 * rounding + afterRounding(value);

describe.each([
  ['reference', afterRounding],
  ['cpu', likeKeras],
] as const)('on the %s device', (device, tolerance) => {
  const expectGolden = (found: ArrayLike<number>, { exact, rounding }: GoldenResult) =>
    expect(mismatches(found, exact.data, (value) => tolerance(value, rounding))).toEqual([]);

  test('trainOnBatch, predict and evaluate answer as Keras', async () => {
    const made = await goldenModel(device);
    const rows = (tensors: readonly Tensor[], step: number) =>
      tensors.map((tensor) => rowsOf(tensor, 4 * (step % 3), 4 * (step % 3) + 4));
    const logs: Record<string, number>[] = [];
    for (let step = 0; step < 6; step++) logs.push(await made.trainOnBatch(rows(x, step), rows(y, step)));
    expect(Object.keys(logs[0]!)).toEqual([...figures]);
    for (const name of figures) {
      expectGolden(
        logs.map((log) => log[name]!),
        golden.after[name],
      );
    }
    const contents = await Promise.all(
      Object.keys(golden.weights).flatMap((name) => made.getLayer(name).weights.map((one) => one.read(made.device))),
    );
    expectGolden(
      contents.flatMap((data) => [...data]),
      golden.after.weights,
    );
    const [real, digit] = await made.predict(x, { batchSize: 5 });
    expectGolden(real!.data, golden.after.predictedReal);
    expectGolden(digit!.data, golden.after.predictedDigit);
    const evaluated = await made.evaluate(x, y, { batchSize: 5 });
    expectGolden(
      figures.map((name) => evaluated[name]!),
      golden.after.evaluated,
    );
    made.dispose();
  });

  test('fit has the history of Keras', async () => {
    const made = await goldenModel(device);
    const { history } = await made.fit(x, y, { batchSize: 4, epochs: 2, shuffle: false });
    expect(Object.keys(history)).toEqual([...figures]);
    expectGolden(
      figures.flatMap((name) => history[name]!),
      golden.after.history,
    );
    made.dispose();
  });
});
