// Confusion matrix and report, held to Keras' figures of the same samples and to published intervals.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shareOf } from '../../lib/evaluation/share';
import { type ErrorCode, metrics, tensor } from '../../lib/index';
import { error } from '../support/errors';
import { junk, onlyCodedErrors } from '../support/junk';
import type { Golden } from '../support/keras';

interface GoldenMetric {
  readonly metric: { readonly name: string; readonly [option: string]: unknown };
  readonly batches: readonly { readonly targets: Golden; readonly predictions: Golden }[];
  readonly values: readonly number[];
}

const { cases } = JSON.parse(readFileSync(join(__dirname, '../golden/keras-metrics.json'), 'utf8')) as {
  readonly cases: readonly GoldenMetric[];
};
const ofSeveral = cases.filter(({ batches }) => batches[0]!.targets.shape[1] === 4);
/** Keras' figure of all batches. */
const keras = (metric: object) =>
  ofSeveral.find((golden) => JSON.stringify(golden.metric) === JSON.stringify(metric))!.values.at(-1)!;

const { batches } = ofSeveral[0]!;
const probabilities = tensor(Float32Array.from(batches.flatMap(({ predictions }) => predictions.data)), [15, 4]);
const targets = batches.flatMap(({ targets }) => targets.data);
const labels = tensor(Int32Array.from({ length: 15 }, (_, i) => targets.slice(4 * i, 4 * i + 4).indexOf(1)));

/** Keras computes in float32, and adds 1e-7 to divisors of F1. */
const digits = 6;

test('the report has the figures of Keras', () => {
  const report = metrics.classificationReport(labels, probabilities);
  expect(report.samples).toBe(15);
  expect(report.accuracy.value).toBeCloseTo(keras({ name: 'topKAccuracy', k: 1 }), digits);
  expect(report.macro.precision).toBeCloseTo(keras({ name: 'precision', average: 'macro', topK: 1 }), digits);
  expect(report.macro.recall).toBeCloseTo(keras({ name: 'recall', average: 'macro', topK: 1 }), digits);
  expect(report.macro.f1).toBeCloseTo(keras({ name: 'f1Score', average: 'macro' }), digits);
  expect(report.weighted.f1).toBeCloseTo(keras({ name: 'f1Score', average: 'weighted' }), digits);
  expect(report.classes.map(({ support }) => support).at(-1)).toBe(0);
  expect(report.classes.at(-1)).toEqual({ name: '3', precision: 0, recall: 0, f1: 0, support: 0 });
  const rows = [...labels.data].map((label, i) => -Math.log(probabilities.data[4 * i + label]!));
  expect(report.logLoss).toBeCloseTo(rows.reduce((sum, loss) => sum + loss) / 15, 12);
});

test('the confusion matrix has classes in rows, what they are taken for in columns', () => {
  const [of, found] = [tensor([0, 0, 1, 2, 2, 2]), tensor([0, 1, 1, 0, 2, 2])];
  expect(metrics.confusionMatrix(of, found)).toEqual({ shape: [3, 3], data: Int32Array.of(1, 1, 0, 0, 1, 0, 1, 0, 2) });
  expect(metrics.confusionMatrix(of, found, { classes: 5 }).shape).toEqual([5, 5]);
  expect(metrics.confusionMatrix(tensor([0]), tensor([0])).shape).toEqual([2, 2]);
  expect([...metrics.confusionMatrix(labels, probabilities).data]).toEqual([
    ...metrics.confusionMatrix(labels, metrics.classesOf(probabilities), { classes: 4 }).data,
  ]);
});

// Newcombe, Two-Sided Confidence Intervals for the Single Proportion (1998), table I, method 3.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('the interval of %d of %d is %d to %d', (count, samples, low, high) => {
  const share = shareOf(count, samples, 0.95);
  expect(share.value).toBe(count / samples);
  expect(share.low).toBeCloseTo(low, 4);
  expect(share.high).toBeCloseTo(high, 4);
});

test('the text has names, figures and the matrix', () => {
  const [of, found] = [tensor([0, 0, 1, 1]), tensor([0, 1, 1, 1])];
  const text = metrics.classificationText(metrics.classificationReport(of, found, { classNames: ['cat', 'dog'] }));
  expect(text.split('\n')).toEqual([
    'accuracy 75.00 % [30.06, 95.44], 95 % interval, of 4 samples',
    '',
    '          precision     recall         F1  samples',
    'cat          1.0000     0.5000     0.6667        2',
    'dog          0.6667     1.0000     0.8000        2',
    'mean         0.8333     0.7500     0.7333        4',
    'weighted     0.8333     0.7500     0.7333        4',
    '',
    'true class, and what it is taken for:',
    '          cat  dog',
    'cat         1    1',
    'dog         0    2',
  ]);
});

describe('refused are', () => {
  const two = tensor([0, 1]);
  test.each<[ErrorCode, string, () => unknown]>([
    ['CUDA_GAN_SHAPE', 'there are 2 labels and 3 predictions', () => metrics.confusionMatrix(two, tensor([0, 1, 1]))],
    [
      'CUDA_GAN_DATA',
      'labels contains 7 at index 1; the classes are 0 to 3',
      () => metrics.confusionMatrix(tensor([0, 7]), two, { classes: 4 }),
    ],
    [
      'CUDA_GAN_DATA',
      'labels contains 4 at index 0',
      () => metrics.confusionMatrix(tensor([4]), tensor([[0.1, 0.2, 0.7]])),
    ],
    [
      'CUDA_GAN_VALUE',
      'classes is 4; predictions are probabilities of 3 classes',
      () => metrics.confusionMatrix(tensor([1]), tensor([[0.1, 0.2, 0.7]]), { classes: 4 }),
    ],
    [
      'CUDA_GAN_DATA',
      'labels has 0 samples; a confusion matrix needs at least 1',
      () => metrics.confusionMatrix(tensor(new Int32Array(0)), tensor(new Int32Array(0))),
    ],
    ['CUDA_GAN_DATA', 'predictions contains 0.5 at index 0', () => metrics.confusionMatrix(two, tensor([0.5, 1]))],
    [
      'CUDA_GAN_VALUE',
      'classNames has 1 names, and there are 2 classes',
      () => metrics.classificationReport(two, two, { classNames: ['cat'] }),
    ],
    ['CUDA_GAN_VALUE', 'the report is an object', () => metrics.classificationText({} as never)],
  ])('%s: %s', (code, message, call) => {
    expect(call).toThrow(error(code, message));
  });

  test('and of junk, nothing but errors with a code comes', async () => {
    await fc.assert(
      fc.asyncProperty(junk, junk, (a, b) =>
        onlyCodedErrors(() => metrics.classificationReport(a as never, b as never)),
      ),
      { numRuns: 500 },
    );
  });
});
