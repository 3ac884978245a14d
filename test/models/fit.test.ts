// The course of fit: order, callbacks, history, validation, stopping.
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { type Callbacks, type FitOptions, layers, optimizers, Sequential, tensor } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { error } from '../support/errors';
import { mismatches, u } from '../support/keras';
import { binaryData, binaryModel, contents, linearModel, normalTensor } from './small-models';

const [x, y] = [normalTensor([12, 2], 1), normalTensor([12, 1], 2)];

/** Losses of every batch; so low a learning rate leaves the weights as they are, so each tells which samples it had. */
async function batchLosses(options: FitOptions = {}, seed = 1): Promise<number[]> {
  const losses: number[] = [];
  const model = linearModel({ learningRate: 1e-30, seed });
  await model.setWeights([normalTensor([2, 1], 3), normalTensor([1], 4)]);
  await model.fit(x, y, {
    batchSize: 1,
    ...options,
    callbacks: { onBatchEnd: (_, { loss }) => void losses.push(loss!) },
  });
  return losses;
}

describe('shuffling', () => {
  test('changes the order of the samples, not the samples', async () => {
    const [inOrder, shuffled] = [await batchLosses({ shuffle: false }), await batchLosses()];
    expect(shuffled).not.toEqual(inOrder);
    expect([...shuffled].sort()).toEqual([...inOrder].sort());
  });

  test('gives every epoch an order of its own, and the same ones for the same seed', async () => {
    const losses = await batchLosses({ epochs: 2 });
    expect(losses.slice(0, 12)).not.toEqual(losses.slice(12));
    expect(await batchLosses({ epochs: 2 })).toEqual(losses);
    expect(await batchLosses({ epochs: 2 }, 2)).not.toEqual(losses);
  });

  test('goes on with new orders in the next fit', async () => {
    const model = linearModel({ learningRate: 1e-30 });
    const losses: number[] = [];
    const callbacks: Callbacks = { onBatchEnd: (_, { loss }) => void losses.push(loss!) };
    await model.fit(x, y, { batchSize: 1, callbacks });
    await model.fit(x, y, { batchSize: 1, callbacks });
    expect(losses.slice(0, 12)).not.toEqual(losses.slice(12));
  });
});

test('the same seed gives the same history and weights, bit for bit', async () => {
  const train = async (seed: number) => {
    const model = new Sequential({
      layers: [layers.dropout({ rate: 0.5, inputShape: [2] }), layers.dense({ units: 1 })],
      seed,
    });
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    return { history: await model.fit(x, y, { epochs: 3, batchSize: 5 }), weights: await contents(model) };
  };
  expect(await train(1)).toEqual(await train(1));
  expect(await train(1)).not.toEqual(await train(2));
});

describe('callbacks', () => {
  /** Writes down what is called. */
  function recorder(calls: string[], name = ''): Callbacks {
    const note = (...call: unknown[]) => void calls.push([name, ...call].join(' ').trim());
    return {
      onTrainBegin: () => note('train begins'),
      onEpochBegin: (epoch) => note('epoch', epoch),
      onBatchEnd: (batch, logs) => note('batch', batch, Object.keys(logs)),
      onEpochEnd: (epoch, logs) => note('epoch', epoch, 'ends', Object.keys(logs)),
      onTrainEnd: (logs) => note('train ends', Object.keys(logs)),
    };
  }

  test('come in the order of Keras, with figures', async () => {
    const calls: string[] = [];
    const model = await binaryModel();
    await model.fit(...binaryData, { batchSize: 5, epochs: 2, validationSplit: 0.4, callbacks: recorder(calls) });
    const epoch = (i: number) => [
      `epoch ${i}`,
      'batch 0 loss,accuracy',
      'batch 1 loss,accuracy',
      `epoch ${i} ends loss,accuracy,valLoss,valAccuracy`,
    ];
    expect(calls).toEqual(['train begins', ...epoch(0), ...epoch(1), 'train ends loss,accuracy,valLoss,valAccuracy']);
  });

  test('may be several, and are waited for', async () => {
    const calls: string[] = [];
    const slow: Callbacks = {
      onEpochEnd: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        calls.push('slow');
      },
    };
    await linearModel().fit(x, y, { batchSize: 12, callbacks: [slow, recorder(calls, 'quick')] });
    expect(calls.indexOf('slow')).toBeLessThan(calls.indexOf('quick epoch 0 ends loss'));
  });

  test('end the training by throwing; the next fit works', async () => {
    const model = linearModel();
    const failing = () => {
      throw new Error('enough');
    };
    await expect(model.fit(x, y, { batchSize: 4, callbacks: { onBatchEnd: failing } })).rejects.toThrow('enough');
    expect((await model.fit(x, y, { batchSize: 4 })).epoch).toEqual([0]);
  });
});

describe('the history', () => {
  test('has the mean of the losses of the batches, by their number of samples', async () => {
    const model = linearModel();
    const losses: number[] = [];
    const callbacks: Callbacks = { onBatchEnd: (_, { loss }) => void losses.push(loss!) };
    const { history } = await model.fit(x, y, { batchSize: 5, callbacks });
    const mean = (5 * losses[0]! + 5 * losses[1]! + 2 * losses[2]!) / 12;
    expect(mismatches(history.loss!, [mean], (wanted) => 2 ** -50 * wanted)).toEqual([]);
  });

  test('goes on from initialEpoch', async () => {
    const { epoch, history } = await linearModel().fit(x, y, { batchSize: 4, initialEpoch: 3, epochs: 5 });
    expect(epoch).toEqual([3, 4]);
    expect(history.loss).toHaveLength(2);
  });

  test('is empty when initialEpoch leaves nothing to do', async () => {
    expect(await linearModel().fit(x, y, { batchSize: 4, initialEpoch: 2, epochs: 2 })).toEqual({
      epoch: [],
      history: {},
    });
  });

  test('falls as a line is fitted', async () => {
    const targets = tensor(
      Float32Array.from({ length: 12 }, (_, i) => 2 * x.data[2 * i]! - x.data[2 * i + 1]! + 0.5),
      [12, 1],
    );
    const model = linearModel({ learningRate: 0.1 });
    const { history } = await model.fit(x, targets, { batchSize: 4, epochs: 100 });
    expect(history.loss!.at(-1)! / history.loss![0]!).toBeLessThan(1e-3);
  });

  test.each([1, 2] as const)('is printed, a line per epoch, when verbose is %d', async (verbose) => {
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const { history } = await linearModel().fit(x, y, { batchSize: 4, epochs: 2, verbose });
    const lines = log.mock.calls.map(([line]) => line);
    log.mockRestore();
    expect(lines).toEqual(history.loss!.map((loss, i) => `Epoch ${i + 1}/2 - loss: ${loss.toFixed(4)}`));
  });
});

describe('batches larger than the data', () => {
  test('train on one batch of what is there, as in Keras', async () => {
    const [small, exact] = [linearModel(), linearModel()];
    const history = await small.fit(x, y, { batchSize: 32, epochs: 2, shuffle: false });
    expect(history).toEqual(await exact.fit(x, y, { batchSize: 12, epochs: 2, shuffle: false }));
    expect(await contents(small)).toEqual(await contents(exact));
  });

  test('do so too when validationSplit has left fewer', async () => {
    const { history } = await linearModel().fit(x, y, { batchSize: 10, validationSplit: 0.5 });
    expect(history.valLoss).toHaveLength(1);
  });

  test('learn XOR from its four rows at the defaults', async () => {
    const inputs = tensor(Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), [4, 2]);
    const targets = tensor(Float32Array.of(0, 1, 1, 0), [4, 1]);
    const model = new Sequential({
      layers: [
        layers.dense({ units: 8, activation: 'tanh', inputShape: [2] }),
        layers.dense({ units: 1, activation: 'sigmoid' }),
      ],
      seed: 1,
    });
    model.compile({ optimizer: optimizers.adam({ learningRate: 0.05 }), loss: 'binaryCrossentropy' });
    await model.fit(inputs, targets, { epochs: 500 });
    expect(Array.from((await model.predict(inputs)).data, Math.round)).toEqual([0, 1, 1, 0]);
  });
});

describe('onBatchEnd', () => {
  test('is waited for before the next batch, so that a learning rate set there holds from the next on', async () => {
    const optimizer = optimizers.sgd({ learningRate: 0.1 });
    const model = new Sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })], seed: 1 });
    model.compile({ optimizer, loss: 'meanSquaredError' });
    const seen: Float32Array[] = [];
    await model.fit(x, y, {
      batchSize: 1,
      epochs: 2,
      callbacks: {
        onBatchEnd: async () => {
          seen.push((await contents(model))[0]!);
          optimizer.learningRate = 1e-30;
        },
      },
    });
    expect(seen).toHaveLength(24);
    for (const weights of seen) expect(weights).toEqual(seen[0]);
  });
});

describe('validation', () => {
  test('by a share is on the last samples, which are not trained on', async () => {
    const [split, separate] = [await binaryModel(), await binaryModel()];
    const [bx, by] = binaryData;
    const rows = ({ data, shape }: typeof bx, begin: number, end: number) => {
      const size = data.length / shape[0]!;
      return tensor(Float32Array.from(data.slice(begin * size, end * size)), [end - begin, ...shape.slice(1)]);
    };
    const options = { batchSize: 4, epochs: 2, shuffle: false };
    const bySplit = await split.fit(bx, by, { ...options, validationSplit: 0.25 });
    const byData = await separate.fit(rows(bx, 0, 9), rows(by, 0, 9), {
      ...options,
      validationData: [rows(bx, 9, 13), rows(by, 9, 13)],
    });
    expect(bySplit).toEqual(byData);
    expect(await contents(split)).toEqual(await contents(separate));
  });

  test('is what evaluate answers after the epoch', async () => {
    const model = await binaryModel();
    const { history } = await model.fit(...binaryData, { batchSize: 4, validationData: binaryData });
    const { loss, accuracy } = await model.evaluate(...binaryData, { batchSize: 4 });
    expect([history.valLoss, history.valAccuracy]).toEqual([[loss], [accuracy]]);
  });
});

describe('a signal', () => {
  test('ends the training after the batch under way, and fit resolves with the completed epochs', async () => {
    const controller = new AbortController();
    const model = linearModel();
    let batches = 0;
    const { epoch, history } = await model.fit(x, y, {
      batchSize: 1,
      epochs: 1000,
      signal: controller.signal,
      callbacks: {
        onBatchEnd: () => {
          if (++batches === 30) controller.abort();
        },
      },
    });
    expect(epoch).toEqual([0, 1]);
    expect(history.loss).toHaveLength(2);
    expect(batches).toBe(30);
    expect((await model.fit(x, y, { batchSize: 4 })).epoch).toEqual([0]);
  });

  test('that was given before leaves the weights as they were', async () => {
    const model = linearModel();
    const before = await contents(model);
    const { epoch } = await model.fit(x, y, { batchSize: 4, signal: AbortSignal.abort() });
    expect(epoch).toEqual([]);
    expect(await contents(model)).toEqual(before);
  });
});

test('compiling again starts with a new optimizer state', async () => {
  const model = await binaryModel();
  const start = await model.getWeights();
  const options = { batchSize: 4, epochs: 2, shuffle: false };
  const first = await model.fit(...binaryData, options);
  await model.setWeights(start);
  expect(await model.fit(...binaryData, options)).not.toEqual(first);
  await model.setWeights(start);
  model.compile({
    optimizer: optimizers.sgd({ learningRate: 1 / 8, momentum: 0.875 }),
    loss: 'binaryCrossentropy',
    metrics: ['accuracy'],
  });
  expect(await model.fit(...binaryData, options)).toEqual(first);
});

test('a loss may be a function of its own', async () => {
  const model = new Sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })], seed: 1 });
  const { meanAbsoluteError } = (await import('../../lib/index')).losses;
  model.compile({ optimizer: 'sgd', loss: (t, p) => meanAbsoluteError(t, p), metrics: ['meanAbsoluteError'] });
  const { loss, meanAbsoluteError: metric } = await model.evaluate(x, y);
  expect(loss).toBe(metric);
});

test('figures do not depend on the size of the batches', async () => {
  const model = await binaryModel();
  const whole = await model.predict(binaryData[0], { batchSize: 100 });
  expect(await model.predict(binaryData[0], { batchSize: 3 })).toEqual(whole);
  const [{ loss: byOne }, { loss: atOnce }] = [
    await model.evaluate(...binaryData, { batchSize: 1 }),
    await model.evaluate(...binaryData, { batchSize: 13 }),
  ];
  // A float32 sum of 13 losses.
  expect(mismatches([byOne!], [atOnce!], (wanted) => 13 * u * wanted)).toEqual([]);
});

test('pixels may be bytes, and labels bytes or integers, in a column or not', async () => {
  const bytes = Uint8Array.from({ length: 24 }, (_, i) => (i * 37) % 256);
  const labels = [0, 1, 2, 1, 0, 2, 1, 1, 0, 2, 2, 0];
  const answers = [];
  for (const data of [bytes, Float32Array.from(bytes), Int32Array.from(bytes)]) {
    for (const classes of [Uint8Array.from(labels), Int32Array.from(labels)]) {
      for (const shape of [[12], [12, 1]]) {
        const model = new Sequential({
          layers: [layers.dense({ units: 3, activation: 'softmax', inputShape: [2] })],
          seed: 1,
        });
        model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
        const input = [tensor(data, [12, 2]), tensor(classes, shape)] as const;
        answers.push([await model.fit(...input, { batchSize: 5 }), await model.trainOnBatch(...input)]);
      }
    }
  }
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});

describe('errors', () => {
  test('dispose, compile, add and new weights while a model or a part of it trains: nothing is lost', async () => {
    const part = linearModel();
    const whole = new Sequential({ name: 'whole', layers: [part] });
    whole.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const busy = (method: string) => error('CUDA_GAN_BUSY', `is in training: wait for it to end before ${method}`);
    const path = join(scratchFolder(), 'part.safetensors');
    await part.save(path);
    const [before, weights] = [await contents(part), await part.getWeights()];
    const onEpochEnd = async () => {
      for (const model of [part, whole]) {
        const trained = await contents(model);
        await expect(model.setWeights(weights)).rejects.toThrow(busy('setWeights'));
        await expect(model.loadWeights(path)).rejects.toThrow(busy('loadWeights'));
        expect(await contents(model)).toEqual(trained);
        expect(() => model.dispose()).toThrow(busy('dispose'));
        expect(() => model.add(layers.reLU())).toThrow(busy('add'));
        expect(() => model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })).toThrow(busy('compile'));
      }
    };
    await whole.fit(x, y, { callbacks: { onEpochEnd } });
    await part.fit(x, y, { callbacks: { onEpochEnd } });
    expect(await contents(part)).not.toEqual(before);
    await part.setWeights(weights);
    expect(await contents(part)).toEqual(before);
    part.dispose();
  });

  test('a second training while one is under way; the first goes on', async () => {
    const model = linearModel();
    const first = model.fit(x, y, { batchSize: 4, epochs: 3 });
    const busy = error('CUDA_GAN_BUSY', 'model "sequential" is in fit already: wait for it to end');
    await expect(model.fit(x, y, { batchSize: 4 })).rejects.toThrow(busy);
    await expect(model.trainOnBatch(x, y)).rejects.toThrow(busy);
    expect((await first).epoch).toEqual([0, 1, 2]);
  });

  test.each<[FitOptions, string]>([
    [{ epochs: 0 }, 'epochs is 0; allowed are whole numbers from 1 on'],
    [{ epochs: Number.NaN }, 'epochs is NaN'],
    [{ epochs: Number.POSITIVE_INFINITY }, 'epochs is Infinity'],
    [{ initialEpoch: -1 }, 'initialEpoch is -1; allowed are whole numbers from 0 on'],
    [{ batchSize: 0 }, 'batchSize is 0; allowed are whole numbers from 1 on'],
    [{ batchSize: 1.5 }, 'batchSize is 1.5'],
    [{ batchSize: Number.NaN }, 'batchSize is NaN'],
    [{ validationSplit: 1 }, 'validationSplit is 1; allowed are numbers from 0 to below 1'],
    [{ validationSplit: Number.NaN }, 'validationSplit is NaN'],
  ])('options %j', async (options, message) => {
    await expect(linearModel().fit(x, y, options)).rejects.toThrow(error('CUDA_GAN_VALUE', message));
  });

  test.each([0, 1.5, Number.NaN])('a batchSize of %d in evaluate and predict', async (batchSize) => {
    const wanted = error('CUDA_GAN_VALUE', `batchSize is ${batchSize}; allowed are whole numbers from 1 on`);
    await expect(linearModel().evaluate(x, y, { batchSize })).rejects.toThrow(wanted);
    await expect(linearModel().predict(x, { batchSize })).rejects.toThrow(wanted);
  });

  test('a validationSplit that leaves nothing to train on, or to validate on', async () => {
    for (const [validationSplit, train] of [
      [0.99, 0],
      [1e-20, 12],
    ] as const) {
      await expect(linearModel().fit(x, y, { batchSize: 1, validationSplit })).rejects.toThrow(
        error('CUDA_GAN_DATA', `leaves ${train} of 12 samples to train on and ${12 - train} to validate on`),
      );
    }
  });
});
