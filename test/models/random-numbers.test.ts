// Random numbers of a model: no two steps draw the same, whatever is trained, used and compiled in between.
import { describe, expect, test } from '@jest/globals';
import {
  type Callbacks,
  model as connect,
  input,
  layers,
  type Model,
  optimizers,
  type Prediction,
  Sequential,
  tensor,
} from '../../lib/index';
import { mean as meanOf } from '../../lib/ops/sum';
import type { Value } from '../../lib/program/value';

/** The losses of a model are the means of the noise that its steps draw: all else is 0, and nothing trains. */
function noiseModel(): Sequential {
  const model = new Sequential({
    layers: [
      layers.gaussianNoise({ stddev: 1, inputShape: [1] }),
      layers.dense({ units: 1, kernelInitializer: 'ones', trainable: false }),
    ],
    seed: 7,
  });
  compile(model);
  return model;
}

const compile = (model: Sequential) => model.compile({ optimizer: 'sgd', loss: (_: Value, p: Value) => meanOf(p) });

const rows = (count: number, bytes = false) =>
  tensor(bytes ? new Uint8Array(count) : new Float32Array(count), [count, 1]);

/** Trains in every way there is, and hands out the loss of every step. */
async function lossesOfEveryWay(): Promise<number[]> {
  const model = noiseModel();
  const losses: number[] = [];
  const callbacks: Callbacks = { onBatchEnd: (_, { loss }) => void losses.push(loss!) };
  const onBatch = async (count: number, bytes = false) => {
    losses.push((await model.trainOnBatch(rows(count, bytes), rows(count))).loss!);
  };
  const fitRows = (count: number, batchSize: number, epochs = 2) =>
    model.fit(rows(count), rows(count), { batchSize, epochs, callbacks });
  for (const count of [1, 1, 2, 1, 2, 1]) await onBatch(count);
  await onBatch(1, true);
  await onBatch(1);
  await fitRows(5, 2);
  compile(model);
  await onBatch(1);
  await fitRows(5, 3);
  await fitRows(3, 1);
  await onBatch(2);
  losses.push(
    ...(await Promise.all([1, 1, 1].map(() => model.trainOnBatch(rows(1), rows(1))))).map(({ loss }) => loss!),
  );
  return losses;
}

test('no two steps draw the same numbers', async () => {
  const losses = await lossesOfEveryWay();
  expect(losses).toHaveLength(6 + 2 + 6 + 1 + 4 + 6 + 1 + 3);
  expect(new Set(losses).size).toBe(losses.length);
});

test('the same steps of a model of the same seed draw the same', async () => {
  expect(await lossesOfEveryWay()).toEqual(await lossesOfEveryWay());
});

test('orders of fit differ from one compile to the next', async () => {
  const samples = tensor(
    Float32Array.from({ length: 16 }, (_, i) => i),
    [16, 1],
  );
  const model = new Sequential({
    layers: [layers.dense({ units: 1, kernelInitializer: 'ones', inputShape: [1] })],
    seed: 1,
  });
  const order = async () => {
    const seen: number[] = [];
    model.trainable = false;
    compile(model);
    await model.fit(samples, samples, {
      batchSize: 1,
      callbacks: { onBatchEnd: (_, { loss }) => void seen.push(loss!) },
    });
    return seen;
  };
  const [first, second] = [await order(), await order()];
  expect(second).not.toEqual(first);
  expect(second.sort()).toEqual(first.sort());
});

test('a run of fit has every sample once in every epoch, wherever its steps are counted from', async () => {
  const model = new Sequential({
    layers: [layers.dense({ units: 1, kernelInitializer: 'ones', trainable: false, inputShape: [1] })],
    seed: 1,
  });
  compile(model);
  const samples = tensor(
    Float32Array.from({ length: 7 }, (_, i) => i),
    [7, 1],
  );
  await model.trainOnBatch(samples, samples);
  for (const batchSize of [1, 2, 3, 7]) {
    for (let epoch = 0; epoch < 3; epoch++) {
      let sum = 0;
      const onBatchEnd: Callbacks['onBatchEnd'] = (batch, { loss }) => {
        sum += loss! * Math.min(batchSize, 7 - batch * batchSize);
      };
      await model.fit(samples, samples, { batchSize, callbacks: { onBatchEnd } });
      expect(sum).toBeCloseTo(21, 4);
    }
  }
});

describe('a model in use, with noise that stays on', () => {
  function noisy(): Model<Prediction> {
    const x = input({ shape: [1] });
    const noise = layers.gaussianNoise({ stddev: 1 }).apply(x, { training: true });
    const model = connect({
      inputs: x,
      outputs: layers.dense({ units: 1, kernelInitializer: 'ones' }).apply(noise),
      seed: 7,
    });
    model.compile({ optimizer: optimizers.sgd({ learningRate: 1e-30 }), loss: (_: Value, p: Value) => meanOf(p) });
    return model;
  }

  /** What is drawn in every kind of call. */
  async function drawn(): Promise<number[]> {
    const model = noisy();
    const found: number[] = [];
    for (const [count, batchSize] of [
      [1, 32],
      [1, 32],
      [2, 32],
      [3, 2],
      [3, 1],
    ] as const) {
      found.push(...(await model.predict(rows(count), { batchSize })).data);
    }
    found.push((await model.evaluate(rows(1), rows(1))).loss!, (await model.testOnBatch(rows(1), rows(1))).loss!);
    found.push((await model.evaluate(rows(3), rows(3), { batchSize: 2 })).loss!);
    const { history } = await model.fit(rows(2), rows(2), { epochs: 2, validationData: [rows(1), rows(1)] });
    found.push(...history.loss!, ...history.valLoss!);
    return found;
  }

  test('draws other numbers in every call, the same for the same seed', async () => {
    const found = await drawn();
    expect(found).toHaveLength(1 + 1 + 2 + 3 + 3 + 2 + 1 + 4);
    expect(new Set(found).size).toBe(found.length);
    expect(await drawn()).toEqual(found);
  });

  test('trains as if it had not been used', async () => {
    const [used, fresh] = [noisy(), noisy()];
    await used.predict(rows(5), { batchSize: 2 });
    expect(await used.fit(rows(2), rows(2))).toEqual(await fresh.fit(rows(2), rows(2)));
  });
});
