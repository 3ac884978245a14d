// Metrics: like losses, but only looked at.
import { named, notAllowed } from '../checks.js';
import { meanAbsoluteError, meanSquaredError } from '../losses/index.js';
import { requireValues } from '../losses/require-values.js';
import type { Value } from '../program/value.js';
import { binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy } from './accuracy.js';

export { binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy };

/** Which accuracy is meant follows from targets and predictions, as in Keras. */
export function accuracy(targets: Value, predictions: Value): Value {
  requireValues('metrics.accuracy', targets, predictions);
  if (targets.dtype === 'int32') return sparseCategoricalAccuracy(targets, predictions);
  return predictions.shape.at(-1) === 1
    ? binaryAccuracy(targets, predictions)
    : categoricalAccuracy(targets, predictions);
}

/** The mean over a batch: targets, predictions → scalar. */
export type Metric = (targets: Value, predictions: Value) => Value;

const metrics = {
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  meanAbsoluteError,
  meanSquaredError,
};

export type MetricName = keyof typeof metrics;

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for what is no name, or an unknown one. */
export function toMetric(name: MetricName): Metric {
  if (typeof name !== 'string') throw notAllowed('a metric', name, `the names ${Object.keys(metrics).join(', ')}`);
  return named<Metric>('metric', metrics, name);
}
