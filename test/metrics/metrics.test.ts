// Metrics, held to Keras, and metrics by name.
import { describe, expect, test } from '@jest/globals';
import { resolveDevice } from '../../lib/devices/select';
import { metrics, type Tensor, tensor } from '../../lib/index';
import { type MetricName, toMetric } from '../../lib/metrics/index';
import { error } from '../support/errors';
import { floats, type GoldenKeras, integers, keras, mismatches, u } from '../support/keras';
import { run } from '../support/run';

const device = resolveDevice('cpu');

async function evaluate(name: string, targets: Tensor, predictions: Tensor): Promise<number> {
  const [value] = await run(device, [targets, predictions], ([y, x]) => [toMetric(name as MetricName)(y!, x!)]);
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

test('an unknown metric lists those there are', () => {
  expect(() => toMetric('auc' as MetricName)).toThrow(
    error('CUDA_GAN_VALUE', 'unknown metric "auc"; allowed are accuracy, binaryAccuracy, categoricalAccuracy'),
  );
});
