// Metrics: like losses, but only looked at.
import { named, notAllowed } from '../checks.js';
import { meanAbsoluteError, meanSquaredError, toLoss } from '../losses/index.js';
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

/**
 * Targets and predictions of a batch → what is looked at: one number, or, to be averaged, one for each sample or more,
 * [batch, ..]. The figure has the function's name.
 */
export type Metric = (targets: Value, predictions: Value) => Value;

const metrics = {
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  meanAbsoluteError,
  meanSquaredError,
};

/** Metrics that `compile` knows by name. @useDeclaredType */
export type MetricName = keyof typeof metrics;

/** By name, or a function. */
export type MetricLike = Metric | MetricName;

/** A metric, and what its figure is called. @internal */
export interface NamedMetric {
  readonly name: string;
  readonly metric: Metric;
}

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name, for a function without one, and what is neither. */
export function toMetric(wanted: MetricLike): NamedMetric {
  if (typeof wanted === 'function') return { name: nameOf(wanted), metric: wanted };
  const names = Object.keys(metrics).join(', ');
  if (typeof wanted !== 'string') throw notAllowed('a metric', wanted, `functions, and the names ${names}`);
  return { name: wanted, metric: named<Metric>('metric', metrics, wanted) };
}

/** Functions of this package are known by the names that users call them by. */
function nameOf(metric: Metric): string {
  const name = Object.entries(metrics).find(([, known]) => known === metric)?.[0] ?? toLoss(metric).name;
  if (name !== '') return name;
  throw notAllowed('a metric', metric, 'functions with a name, by which their figures are called');
}
