// Metrics that count: held to Keras after every batch (test/golden/make_keras_metrics.py), whatever the batches are.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { resolveDevice } from '../../lib/devices/select';
import {
  model as connect,
  input,
  layers,
  metrics,
  ops,
  Sequential,
  type Tensor,
  tensor,
  type Value,
} from '../../lib/index';
import { type PlainMetric, toMetric } from '../../lib/metrics/index';
import { scratchFolder } from '../gan/scratch';
import { copiesAtCheckpoints } from '../support/checkpoint-copies';
import { cudaDevices } from '../support/devices';
import { error } from '../support/errors';
import { floats, type Golden, u } from '../support/keras';

interface GoldenMetric {
  readonly metric: PlainMetric;
  readonly batches: readonly { readonly targets: Golden; readonly predictions: Golden }[];
  readonly values: readonly number[];
}

const { cases } = JSON.parse(readFileSync(join(__dirname, '../golden/keras-metrics.json'), 'utf8')) as {
  readonly cases: readonly GoldenMetric[];
};

const tested = [resolveDevice('cpu'), resolveDevice('reference'), ...cudaDevices().map(({ device }) => device)];

/** A model whose predictions are what it is given. */
function judge(columns: number, wanted: readonly metrics.MetricLike[], { sparse = false, device = tested[0]! } = {}) {
  const model = new Sequential({
    layers: [layers.activation({ activation: 'linear', inputShape: [columns] })],
    device,
  });
  model.compile({
    optimizer: 'sgd',
    loss: sparse ? 'sparseCategoricalCrossentropy' : 'meanSquaredError',
    metrics: wanted,
  });
  return model;
}

function joined(parts: readonly Golden[]): Tensor<Float32Array> {
  const rows = parts.reduce((sum, { shape }) => sum + shape[0]!, 0);
  return floats({ shape: [rows, parts[0]!.shape[1]!], data: parts.flatMap(({ data }) => data) });
}

/** Class numbers of distributions that are 0 but for one class. */
function labelsOf({ shape: [rows, classes], data }: Tensor): Tensor<Int32Array> {
  const labels = Int32Array.from({ length: rows! }, (_, i) =>
    data.subarray(i * classes!, (i + 1) * classes!).indexOf(1),
  );
  return tensor(labels, [rows!]);
}

/**
 * Counts are exact. Keras divides them in float32, takes means of up to four classes, adds 1e-7 to divisors of F1, and sums up
 * to 200 trapezoids of numbers up to 1.
 */
const tolerance = ({ metric: { name } }: GoldenMetric) => (name === 'auc' ? 200 * u : 8 * u + 4e-7);

describe.each(tested.map((device) => [device.name, device] as const))('on %s', (_, device) => {
  test.each(cases.map((golden) => [JSON.stringify(golden.metric), golden] as const))(
    '%s equals Keras',
    async (_, golden) => {
      const { metric, batches, values } = golden;
      const columns = batches[0]!.predictions.shape[1]!;
      for (const [i, wanted] of values.entries()) {
        const seen = batches.slice(0, i + 1);
        const [y, x] = [joined(seen.map(({ targets }) => targets)), joined(seen.map(({ predictions }) => predictions))];
        const figures = [await judge(columns, [metric], { device }).evaluate(x, y, { batchSize: 4 })];
        if (columns > 1) {
          figures.push(
            await judge(columns, [metric], { device, sparse: true }).evaluate(x, labelsOf(y), { batchSize: 3 }),
          );
        }
        for (const figure of figures) {
          expect(Math.abs(figure[metric.name]! - wanted)).toBeLessThanOrEqual(tolerance(golden));
        }
      }
    },
  );
});

const several = cases.find(({ metric, batches }) => metric.name === 'f1Score' && batches[0]!.targets.shape[1] === 4)!;
const [x, y] = [
  joined(several.batches.map((batch) => batch.predictions)),
  joined(several.batches.map((batch) => batch.targets)),
];
const all = ['precision', 'recall', 'f1Score', 'auc', { name: 'topKAccuracy', k: 2 }] as const;

test('the figures are those of all samples, for batches of any size and in any order', async () => {
  const rows = x.shape[0]!;
  const model = judge(4, all);
  const whole = await model.testOnBatch(x, y);
  const order = fc.shuffledSubarray([...Array(rows).keys()], { minLength: rows });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: rows + 1 }), order, async (batchSize, places) => {
      const moved = ({ data }: Tensor<Float32Array>) =>
        tensor(Float32Array.from(places.flatMap((row) => [...data.subarray(4 * row, 4 * row + 4)])), [rows, 4]);
      const { loss: _, ...figures } = await model.evaluate(moved(x), moved(y), { batchSize });
      const { loss: __, ...wanted } = whole;
      expect(figures).toEqual(wanted);
    }),
    { numRuns: 20 },
  );
});

test('history and progress have them of the epoch so far, a batch has its own', async () => {
  const model = judge(1, ['precision']);
  const [found, wanted] = [tensor([0.9, 0.8, 0.7, 0.1]), tensor([1, 0, 0, 0])];
  const ofBatches: number[] = [];
  const { history } = await model.fit(found, wanted, {
    batchSize: 1,
    epochs: 2,
    shuffle: false,
    validationData: [found, wanted],
    callbacks: { onBatchEnd: (_, { precision }) => void ofBatches.push(precision!) },
  });
  expect(ofBatches.slice(0, 4)).toEqual([1, 0, 0, 0]);
  expect(history.precision).toEqual([1 / 3, 1 / 3]);
  expect(history.valPrecision).toEqual([1 / 3, 1 / 3]);
  expect((await model.trainOnBatch(found, wanted)).precision).toBe(1 / 3);
});

test('weights of samples are those of the loss: metrics count all alike', async () => {
  const sampleWeight = tensor(Float32Array.from({ length: x.shape[0]! }, (_, i) => i));
  const model = judge(4, all);
  const { loss, ...figures } = await model.evaluate(x, y, { batchSize: 4 });
  const { loss: weighted, ...same } = await model.evaluate(x, y, { batchSize: 4, sampleWeight });
  expect(weighted).not.toBe(loss);
  expect(same).toEqual(figures);
});

describe('a fit that is resumed', () => {
  function trained(threshold?: number) {
    const model = new Sequential({
      layers: [layers.dense({ units: 1, activation: 'sigmoid', inputShape: [4] })],
      seed: 1,
    });
    model.compile({
      optimizer: 'adam',
      loss: 'binaryCrossentropy',
      metrics: ['auc', metrics.precision({ threshold })],
    });
    return model;
  }
  const answers = tensor(
    Float32Array.from({ length: x.shape[0]! }, (_, i) => y.data[4 * i]!),
    [x.shape[0]!, 1],
  );
  const options = { epochs: 2, batchSize: 4 };

  test('in the middle of an epoch has the figures of a fit without a break', async () => {
    const folder = scratchFolder();
    const { history } = await trained().fit(x, answers, options);
    const copies = await copiesAtCheckpoints(folder, async () => {
      await trained().fit(x, answers, { ...options, checkpointDir: folder, checkpointInterval: 1 });
    });
    expect(copies.size).toBe(9);
    for (const resume of copies.values()) {
      expect((await trained().fit(x, answers, { ...options, resume })).history).toEqual(history);
    }
  });

  test('must have the same metrics', async () => {
    const checkpointDir = scratchFolder();
    await trained().fit(x, answers, { ...options, checkpointDir });
    await expect(trained(0.3).fit(x, answers, { ...options, resume: checkpointDir })).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'was made by another training: metrics.precision.options.threshold is 0.3'),
    );
  });
});

describe('a metric is called', () => {
  test('as its option says, which tells several of a kind apart', async () => {
    const model = judge(4, [
      'auc',
      { name: 'auc', curve: 'pr', figure: 'prAuc' },
      metrics.recall({ classId: 2, figure: 'recallOfTwo' }),
    ]);
    expect(Object.keys(await model.evaluate(x, y))).toEqual(['loss', 'auc', 'prAuc', 'recallOfTwo']);
    expect(() => judge(4, ['auc', { name: 'auc', curve: 'pr' }])).toThrow(
      error('CUDA_GAN_VALUE', 'two figures would be called "auc"'),
    );
  });

  test('behind the name of its output, where there are several', async () => {
    const image = input({ shape: [4] });
    const outputs = ['first', 'second'].map((name) => layers.activation({ activation: 'linear', name }).apply(image));
    const model = connect({ inputs: image, outputs });
    model.compile({
      optimizer: 'sgd',
      loss: 'meanSquaredError',
      metrics: { first: ['auc'], second: { name: 'recall', topK: 1 } },
    });
    const { firstAuc, secondRecall } = await model.evaluate(x, [y, y], { batchSize: 4 });
    const wanted = await judge(4, ['auc', { name: 'recall', topK: 1 }]).evaluate(x, y);
    expect({ auc: firstAuc, recall: secondRecall }).toEqual({ auc: wanted.auc, recall: wanted.recall });
  });

  test('by its function, too', async () => {
    const figures = await judge(4, [metrics.precision as never]).evaluate(x, y);
    expect(figures).toEqual(await judge(4, ['precision']).evaluate(x, y));
    function precision(_: Value, predictions: Value) {
      return ops.sum(predictions, [1]);
    }
    expect((await judge(4, [precision]).evaluate(x, y)).precision).toBeCloseTo(1);
  });
});

describe('one of your own', () => {
  const own = (parts: Partial<metrics.AccumulatingMetric> = {}): metrics.AccumulatingMetric => ({
    name: 'largestShare',
    options: {},
    counts: (_, predictions) => ops.sum(predictions, [0]),
    result: (sums) => Math.max(...sums),
    ...parts,
  });

  test('is counted over all batches', async () => {
    const { largestShare } = await judge(4, [own()]).evaluate(x, y, { batchSize: 2 });
    const totals = [0, 1, 2, 3].map((column) =>
      x.data.reduce((sum, share, i) => sum + (i % 4 === column ? share : 0), 0),
    );
    // Sums of 15 numbers up to 1, of two at a time in float32.
    expect(Math.abs(largestShare! - Math.max(...totals))).toBeLessThan(15 * 2 * u);
  });

  test.each([
    [
      'the metric "largestShare" is an object; allowed are objects with name, options, counts and result',
      own({ result: 3 as never }),
    ],
    ['the metric "auc" is your own, but is called as one of the package', own({ name: 'auc' })],
    ['the name of a metric is ""', own({ name: '' })],
  ])('is refused: %s', (message, metric) => {
    expect(() => judge(4, [metric])).toThrow(error('CUDA_GAN_VALUE', message));
  });

  test('may be of a class', async () => {
    class LargestShare implements metrics.AccumulatingMetric {
      readonly name = 'largestShare';
      readonly options = {};
      counts(_: Value, predictions: Value) {
        return ops.sum(predictions, [0]);
      }
      result(sums: readonly number[]) {
        return Math.max(...sums);
      }
    }
    expect(await judge(4, [new LargestShare()]).evaluate(x, y)).toEqual(await judge(4, [own()]).evaluate(x, y));
  });

  test('is refused when it does not count by a vector, or gives no number', async () => {
    await expect(judge(4, [own({ counts: (_, x) => x })]).evaluate(x, y)).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'the metric largestShare must count by a Value of [counts]; found shape [15, 4]'),
    );
    await expect(judge(4, [own({ counts: () => 3 as never })]).evaluate(x, y)).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'the metric largestShare returned 3; wanted is a Value of float32'),
    );
    await expect(judge(4, [own({ result: () => 'much' as never })]).evaluate(x, y)).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'the result of the metric largestShare is "much"; wanted is a number'),
    );
  });
});

describe('refused are', () => {
  test.each<[string, () => unknown]>([
    [
      'metrics.precision: unknown option "treshold"; did you mean "threshold"?',
      () => toMetric({ name: 'precision', treshold: 1 } as never),
    ],
    ['unknown option "threshold"; there are none', () => toMetric({ name: 'accuracy', threshold: 1 } as never)],
    ['threshold and topK are both given', () => metrics.recall({ threshold: 0.5, topK: 1 })],
    ['classId and average are both given', () => metrics.f1Score({ classId: 1, average: 'macro' })],
    [
      'unknown average "mean"; allowed are micro, macro, weighted',
      () => metrics.precision({ average: 'mean' as never }),
    ],
    ['curve is "PR"; allowed are roc and pr', () => metrics.auc({ curve: 'PR' as never })],
    ['thresholds is 2; allowed are whole numbers from 3 to 10000', () => metrics.auc({ thresholds: 2 })],
    ['k is 0; allowed are whole numbers from 1 on', () => metrics.topKAccuracy({ k: 0 })],
    ['figure is ""', () => metrics.auc({ figure: '' })],
  ])('%s', (message, make) => {
    expect(make).toThrow(error('CUDA_GAN_VALUE', message));
  });

  test.each<[string, metrics.MetricLike]>([
    ['metrics.topKAccuracy: k wants 5 classes or more; the output has 4', 'topKAccuracy'],
    ['metrics.recall: classId wants 5 classes or more; the output has 4', metrics.recall({ classId: 4 })],
    ['metrics.precision: topK wants 7 classes or more; the output has 4', metrics.precision({ topK: 7 })],
  ])('classes that an output has not: %s', async (message, metric) => {
    await expect(judge(4, [metric]).evaluate(x, y)).rejects.toThrow(error('CUDA_GAN_VALUE', message));
  });
});
