// Metrics, held to Keras, and metrics by name.
import { describe, expect, test } from '@jest/globals';
import { resolveDevice } from '../../lib/devices/select';
import { layers, losses, metrics, ops, Sequential, type Tensor, tensor, type Value } from '../../lib/index';
import { type MetricName, toMetric } from '../../lib/metrics/index';
import { error } from '../support/errors';
import { floats, type GoldenKeras, integers, keras, mismatches, u } from '../support/keras';
import { run } from '../support/run';

const device = resolveDevice('cpu');

async function evaluate(name: string, targets: Tensor, predictions: Tensor): Promise<number> {
  const [value] = await run(device, [targets, predictions], ([y, x]) => [toMetric(name as MetricName).metric(y!, x!)]);
  return value![0]!;
}

const inputsOf = ({ metric, targets, predictions }: GoldenKeras['metrics'][number]) =>
  [metric.startsWith('sparse') ? integers(targets) : floats(targets), floats(predictions)] as const;

test.each(keras.metrics)('$metric equals Keras', async (golden) => {
  const value = await evaluate(golden.metric, ...inputsOf(golden));
  // Means of at most 12 numbers.
  expect(mismatches([value], [golden.value], (wanted) => 16 * u * wanted)).toEqual([]);
});

describe('accuracy is that', () => {
  test.each(keras.metrics.filter(({ metric }) => metric.endsWith('Accuracy')))('$metric fits', async (golden) => {
    const value = await evaluate('accuracy', ...inputsOf(golden));
    expect(mismatches([value], [golden.value], () => u)).toEqual([]);
  });
});

test('binary accuracy takes another threshold', async () => {
  const predictions = tensor(Float32Array.of(0.2, 0.35, 0.6, 0.9), [4, 1]);
  const [value] = await run(device, [tensor(Float32Array.of(0, 1, 1, 0), [4, 1]), predictions], ([y, x]) => [
    metrics.binaryAccuracy(y!, x!, 0.3),
  ]);
  expect(value).toEqual(Float32Array.of(0.75));
});

test('smoothed targets count as what they stand for', async () => {
  const predictions = tensor(Float32Array.of(0.8, 0.3, 0.6, 0.1), [4, 1]);
  expect(await evaluate('accuracy', tensor(Float32Array.of(0.9, 0.9, 0.1, 0.1), [4, 1]), predictions)).toBe(0.5);
  expect(await evaluate('binaryAccuracy', tensor(Float32Array.of(0.9, 0.1, 0.9, 0), [4, 1]), predictions)).toBe(1);
});

describe('a function is a metric', () => {
  const x = tensor(Float32Array.of(1, 2, 3, 4, 5), [5, 1]);
  const model = (metric: metrics.MetricLike) => {
    const made = new Sequential({ layers: [layers.dense({ units: 1, kernelInitializer: 'ones', inputShape: [1] })] });
    made.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: [metric] });
    return made;
  };
  const zeros = tensor(new Float32Array(5), [5, 1]);
  const largestError = (targets: Value, predictions: Value) =>
    ops.reshape(
      ops.maxPool2d(ops.reshape(ops.abs(ops.subtract(predictions, targets)), [1, 5, 1, 1]), { windowSize: [5, 1] }),
      [],
    );
  const share = (_: Value, predictions: Value) => ops.greater(predictions, ops.fill(predictions.graph, [], 2.5));

  test('of the batch, under its own name', async () => {
    expect(await model(largestError).evaluate(x, zeros)).toEqual({ loss: 11, largestError: 5 });
  });

  test('or of each sample, of which the mean is taken, over batches of any size', async () => {
    const { share: found } = await model(share).evaluate(x, zeros, { batchSize: 2 });
    expect(mismatches([found!], [3 / 5], () => 2 * u)).toEqual([]);
    const { history } = await model(share).fit(x, zeros, { batchSize: 2, validationData: [x, zeros] });
    expect(Object.keys(history)).toEqual(['loss', 'share', 'valLoss', 'valShare']);
  });

  test('of this package is called as by its name', async () => {
    const { huber, accuracy } = { ...losses, ...metrics };
    expect(Object.keys(await model(huber).evaluate(x, zeros))).toEqual(['loss', 'huber']);
    expect(await model(accuracy).evaluate(x, zeros)).toEqual(await model('accuracy').evaluate(x, zeros));
  });

  test('that has no name, or returns what is no figure, is refused', async () => {
    expect(() => model((_, predictions) => predictions)).toThrow(
      error('CUDA_GAN_VALUE', 'a metric is a function; allowed are functions with a name'),
    );
    const two = (_: Value, predictions: Value) => ops.slice(predictions, [0, 0], [2, 1]);
    await expect(model(two).evaluate(x, zeros)).rejects.toThrow(
      error(
        'CUDA_GAN_SHAPE',
        'the metric two must be a scalar, or one for each sample, [5, ..]; found shape [2, 1] for the output "dense"',
      ),
    );
    const none = () => 3 as never;
    await expect(model(none).evaluate(x, zeros)).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'the metric none returned 3; wanted is a Value of float32'),
    );
    const twice = () => compiledTwice(share);
    expect(twice).toThrow(error('CUDA_GAN_VALUE', 'two figures would be called "share"'));
  });

  function compiledTwice(metric: metrics.Metric) {
    const made = new Sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
    made.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: [metric, metric] });
  }
});

test('an unknown metric lists those there are', () => {
  expect(() => toMetric('aucs' as MetricName)).toThrow(
    error('CUDA_GAN_VALUE', 'unknown metric "aucs"; allowed are accuracy, binaryAccuracy, categoricalAccuracy'),
  );
});
