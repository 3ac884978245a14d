// Weights of samples and classes in fit, evaluate and the calls on batches, held to Keras (test/golden/make_keras_weights.py).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { resolveDevice } from '../../lib/devices/select';
import {
  type ClassWeights,
  model as connect,
  input,
  layers,
  type Model,
  ops,
  Sequential,
  type SequentialOptions,
  type Tensor,
  tensor,
} from '../../lib/index';
import type { LossName } from '../../lib/losses/index';
import { rowsOf } from '../../lib/models/data';
import { scratchFolder } from '../gan/scratch';
import { cudaDevices } from '../support/devices';
import { error } from '../support/errors';
import { floats, type Golden, type GoldenResult, integers, mismatches, u } from '../support/keras';
import { contents, linearModel, normalTensor } from './small-models';

interface GoldenCase {
  readonly loss: LossName;
  readonly sampleWeight: boolean;
  readonly classWeight: ClassWeights | null;
  readonly start: readonly Golden[];
  readonly y: Golden;
  readonly after: Readonly<
    Record<'loss' | 'valLoss' | 'metric' | 'weights' | 'evaluated' | 'trained' | 'tested', GoldenResult>
  >;
}

const golden = JSON.parse(readFileSync(join(__dirname, '../golden/keras-weights.json'), 'utf8')) as {
  readonly x: Golden;
  readonly weights: Golden;
  readonly cases: readonly GoldenCase[];
  readonly twoOutputs: {
    readonly start: readonly Golden[];
    readonly y: readonly Golden[];
    readonly other: Golden;
    readonly after: { readonly evaluated: GoldenResult };
  };
};

const [x, weights] = [floats(golden.x), floats(golden.weights)];
const devices = [resolveDevice('reference'), resolveDevice('cpu'), ...cudaDevices().map(({ device }) => device)];

/** As test/models/keras.test.ts has them; of single numbers, whose rounding may be luck, the largest of a case counts. */
const afterRounding = (value: number) => (u + 1e-9) * Math.abs(value) + 1e-10;
const likeKeras = (value: number, rounding: number) => 4 * rounding + afterRounding(value);
const largestRounding = (after: object) =>
  Math.max(...(Object.values(after) as GoldenResult[]).map(({ rounding }) => rounding));

const activations: Partial<Record<LossName, 'softmax' | 'sigmoid'>> = {
  sparseCategoricalCrossentropy: 'softmax',
  categoricalCrossentropy: 'softmax',
  binaryCrossentropy: 'sigmoid',
};

async function modelFor({ loss, start }: GoldenCase, options: SequentialOptions): Promise<Sequential> {
  const units = start[1]!.shape[0]!;
  const activation = activations[loss] ?? 'linear';
  const model = new Sequential({ layers: [layers.dense({ units, activation, inputShape: [4] })], ...options });
  await model.setWeights(start.map(floats));
  model.compile({
    optimizer: { name: 'sgd', learningRate: 1 / 8, momentum: 0.875 },
    loss,
    metrics: [loss === 'meanSquaredError' ? 'meanAbsoluteError' : 'accuracy'],
  });
  return model;
}

describe.each(devices.map((device) => [device.name, device] as const))('on %s', (name, device) => {
  const tolerance = name === 'reference' ? afterRounding : likeKeras;
  const expecting = (after: object) => {
    const rounding = largestRounding(after);
    return (found: ArrayLike<number>, { exact }: GoldenResult) =>
      expect(mismatches(found, exact.data, (value) => tolerance(value, rounding))).toEqual([]);
  };

  test.each(golden.cases.map((item) => [item.loss, item.sampleWeight ? 'samples' : 'classes', item] as const))(
    '%s with weights of %s is that of Keras',
    async (loss, _, item) => {
      const y = loss === 'sparseCategoricalCrossentropy' ? integers(item.y) : floats(item.y);
      const weighting = item.sampleWeight ? { sampleWeight: weights } : { classWeight: item.classWeight! };
      const model = await modelFor(item, { device });
      const options = { batchSize: 4, epochs: 3, shuffle: false, validationSplit: 0.26 };
      const { history } = await model.fit(x, y, { ...options, ...weighting });
      const [figure] = Object.keys(history).slice(1);
      const expectGolden = expecting(item.after);
      expectGolden(history.loss!, item.after.loss);
      expectGolden(history.valLoss!, item.after.valLoss);
      expectGolden(history[figure!]!, item.after.metric);
      expectGolden(
        (await contents(model)).flatMap((data) => [...data]),
        item.after.weights,
      );
      const both = (logs: Record<string, number>) => [logs.loss!, logs[figure!]!];
      expectGolden(both(await model.evaluate(x, y, { batchSize: 5, sampleWeight: weights })), item.after.evaluated);
      expectGolden(both(await model.trainOnBatch(x, y, weighting)), item.after.trained);
      expectGolden(both(await model.testOnBatch(x, y, { sampleWeight: weights })), item.after.tested);
      model.dispose();
    },
  );

  test('two outputs have weights of their own', async () => {
    const { start, y, other, after } = golden.twoOutputs;
    const expectGolden = expecting(after);
    const given = input({ shape: [4] });
    const [pair, one] = [layers.dense({ units: 2 }).apply(given), layers.dense({ units: 1 }).apply(given)];
    const model = connect({ inputs: given, outputs: { pair, one }, device });
    await model.setWeights(start.map(floats));
    model.compile({ optimizer: 'sgd', loss: ['meanSquaredError', 'meanAbsoluteError'], lossWeights: [1, 0.5] });
    const sampleWeight = { pair: weights, one: floats(other) };
    const logs = await model.evaluate(x, y.map(floats), { batchSize: 7, sampleWeight });
    expectGolden([logs.loss!, logs.pairLoss!, logs.oneLoss!], after.evaluated);
    model.dispose();
  });
});

const [x4, y4] = [normalTensor([4, 2], 1), normalTensor([4, 1], 2)];
const vector = (...values: number[]) => tensor(Float32Array.from(values), [values.length]);

describe('weights', () => {
  test('of 1 leave the loss as it is, and a column of whole numbers serves as well', async () => {
    const plain = await linearModel().evaluate(x4, y4);
    expect(await linearModel().evaluate(x4, y4, { sampleWeight: vector(1, 1, 1, 1) })).toEqual(plain);
    const column = { shape: [4, 1], data: Int32Array.of(1, 1, 1, 1) };
    expect(await linearModel().evaluate(x4, y4, { sampleWeight: column })).toEqual(plain);
  });

  test('of 0 leave a sample out of the training', async () => {
    const [whole, part] = [linearModel(), linearModel({ learningRate: 0.005 })];
    await whole.trainOnBatch(x4, y4, { sampleWeight: vector(1, 1, 0, 0) });
    await part.trainOnBatch(rowsOf(x4, 0, 2), rowsOf(y4, 0, 2));
    // Half of the mean over four is the mean over two; so is half of the learning rate.
    const [found, wanted] = [await contents(whole), await contents(part)];
    found.forEach((weight, i) => {
      expect(mismatches(weight, wanted[i]!, () => 8 * u)).toEqual([]);
    });
  });

  test('of validation data are a third in validationData', async () => {
    const sampleWeight = vector(0, 2, 1, 0.5);
    const model = linearModel();
    const { history } = await model.fit(x4, y4, { validationData: [x4, y4, sampleWeight] });
    expect(history.valLoss).toEqual([(await model.evaluate(x4, y4, { sampleWeight })).loss]);
  });

  test('of classes are for training, not for validation', async () => {
    const y = tensor(Float32Array.of(1, 1, 1, 1), [4, 1]);
    const train = async (options: object) => {
      const model = linearModel({ learningRate: 1e-30 });
      model.compile({ optimizer: { name: 'sgd', learningRate: 1e-30 }, loss: 'meanSquaredError' });
      return (await model.fit(x4, y, { validationData: [x4, y], ...options })).history;
    };
    const [plain, weighted] = [await train({}), await train({ classWeight: { 1: 4 } })];
    expect(weighted.loss).toEqual([4 * plain.loss![0]!]);
    expect(weighted.valLoss).toEqual(plain.valLoss);
  });

  test("weigh what a loss of one's own says of each sample", async () => {
    const model = linearModel();
    model.compile({ optimizer: 'sgd', loss: (_, predictions) => ops.affine(predictions, 0, 3) });
    const { loss } = await model.evaluate(x4, y4, { sampleWeight: vector(1, 0, 0, 1) });
    expect(loss).toBe(1.5);
  });
});

describe('a fit that is resumed', () => {
  const [first, other] = [vector(1, 2, 3, 4), vector(1, 2, 3, 5)];
  const labels = tensor(Int32Array.of(0, 1, 1, 0), [4]);
  const softmax = () => {
    const model = new Sequential({
      layers: [layers.dense({ units: 2, activation: 'softmax', inputShape: [2] })],
      seed: 1,
    });
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
    return model;
  };

  test('goes on with the weights of its classes', async () => {
    const folder = scratchFolder();
    const options = { batchSize: 2, classWeight: { 0: 3 } };
    await softmax().fit(x4, labels, { ...options, epochs: 2, checkpointDir: folder });
    const [resumed, whole] = [softmax(), softmax()];
    const { history } = await resumed.fit(x4, labels, { resume: folder, epochs: 4 });
    expect(history).toEqual((await whole.fit(x4, labels, { ...options, epochs: 4 })).history);
    await expect(softmax().fit(x4, labels, { resume: folder, classWeight: { 0: 2 } })).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'options.classWeight.0 is 2, there 3'),
    );
  });

  test('needs the weights of its samples', async () => {
    const folder = scratchFolder();
    await softmax().fit(x4, labels, { sampleWeight: first, checkpointDir: folder });
    const resume = (sampleWeight: Tensor) => softmax().fit(x4, labels, { sampleWeight, resume: folder, epochs: 2 });
    await expect(resume(other)).rejects.toThrow(error('CUDA_GAN_DATA', 'sampleWeight holds other numbers'));
    expect((await resume(first)).epoch).toEqual([0, 1]);
  });
});

describe('says what is wrong:', () => {
  const ten = () => {
    const model = new Sequential({ layers: [layers.dense({ units: 3, activation: 'softmax', inputShape: [2] })] });
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
    return model;
  };
  const grid = () => {
    const model = new Sequential({ layers: [layers.dense({ units: 3, inputShape: [2, 2] })] });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    return model;
  };
  const y3 = tensor(
    Float32Array.from({ length: 12 }, (_, i) => Number(i % 4 === 0)),
    [4, 3],
  );
  const given = input({ shape: [2] });
  const several = () => {
    const model = connect({
      inputs: given,
      outputs: [layers.dense({ units: 1 }).apply(given), layers.dense({ units: 1 }).apply(given)],
    });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    return model as unknown as Model;
  };
  const scalar = () => {
    const model = linearModel();
    model.compile({ optimizer: 'sgd', loss: (_, predictions) => ops.mean(predictions) });
    return model;
  };

  test.each<[string, 'VALUE' | 'SHAPE' | 'DATA', () => Promise<unknown>]>([
    [
      'there are 4 samples, and sampleWeight has 3: each sample needs its weight',
      'SHAPE',
      () => linearModel().fit(x4, y4, { sampleWeight: vector(1, 2, 3) }),
    ],
    [
      'sampleWeight has shape [2, 2]; wanted is [n]',
      'SHAPE',
      () =>
        linearModel().evaluate(x4, y4, {
          sampleWeight:
            x4.shape[0] === 4
              ? tensor([
                  [1, 2],
                  [3, 4],
                ])
              : x4,
        }),
    ],
    [
      'sampleWeight contains -1 at index 2; weights are from 0 on',
      'DATA',
      () => linearModel().trainOnBatch(x4, y4, { sampleWeight: vector(1, 0, -1, 1) }),
    ],
    [
      'sampleWeight contains NaN in sample 1',
      'DATA',
      () => linearModel().testOnBatch(x4, y4, { sampleWeight: vector(1, Number.NaN, 1, 1) }),
    ],
    [
      'sampleWeight and classWeight are both given',
      'VALUE',
      () => linearModel().trainOnBatch(x4, y4, { sampleWeight: vector(1, 1, 1, 1), classWeight: { 0: 1 } }),
    ],
    [
      'sampleWeight and classWeight are both given',
      'VALUE',
      () => linearModel().fit(x4, y4, { sampleWeight: vector(1, 1, 1, 1), classWeight: { 0: 1 } }),
    ],
    [
      'classWeight has a weight for the class "3"; the model\'s output has classes 0 to 2',
      'VALUE',
      () => ten().fit(x4, y3, { classWeight: { 0: 1, 3: 1 } }),
    ],
    [
      'classWeight has a weight for the class "2"; the model\'s output has classes 0 to 1',
      'VALUE',
      () => linearModel().fit(x4, y4, { classWeight: { 2: 1 } }),
    ],
    [
      'classWeight has a weight for the class "one"',
      'VALUE',
      () => ten().trainOnBatch(x4, y3, { classWeight: { one: 1 } as never }),
    ],
    [
      'classWeight[1] is -1; allowed are finite numbers from 0 on',
      'VALUE',
      () => ten().fit(x4, y3, { classWeight: { 1: -1 } }),
    ],
    [
      'classWeight is [1, 2]; allowed are objects with a weight by class number',
      'VALUE',
      () => ten().fit(x4, y3, { classWeight: [1, 2] as never }),
    ],
    [
      'classWeight needs one class for each sample; the output "dense" has samples of [2, 3]',
      'SHAPE',
      () => grid().fit(normalTensor([4, 2, 2]), normalTensor([4, 2, 3]), { classWeight: { 0: 2 } }),
    ],
    [
      'classWeight is for models with one output, and this has 2',
      'VALUE',
      () => several().fit(x4, [y4, y4], { classWeight: { 0: 2 } }),
    ],
    [
      'sampleWeight is an array of 1; wanted is an array of 2, or a record, for dense, dense_1',
      'VALUE',
      () => several().fit(x4, [y4, y4], { sampleWeight: [vector(1, 1, 1, 1)] }),
    ],
    [
      'the loss of the output "dense" is [] for a batch, of which samples cannot be weighted',
      'VALUE',
      () => scalar().fit(x4, y4, { sampleWeight: vector(1, 1, 1, 1) }),
    ],
    [
      'evaluate: unknown option "classWeight"; allowed are batchSize, sampleWeight',
      'VALUE',
      () => linearModel().evaluate(x4, y4, { classWeight: { 0: 1 } } as never),
    ],
    [
      'testOnBatch: unknown option "classWeight"; allowed are sampleWeight',
      'VALUE',
      () => linearModel().testOnBatch(x4, y4, { classWeight: { 0: 1 } } as never),
    ],
    [
      'validationData must be a pair of tensors, [x, y], or [x, y, sampleWeight]',
      'VALUE',
      () => linearModel().fit(x4, y4, { validationData: [x4] as never }),
    ],
  ])('%s', async (message, code, call) => {
    await expect(call()).rejects.toThrow(error(`CUDA_GAN_${code}`, message));
  });
});
