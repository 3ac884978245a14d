// Metrics: like losses, but only looked at.
import { type PlainPart, requireOwnName } from '../built-in.js';
import { inWords, kindOf, named, nonEmptyText, notAllowed } from '../checks.js';
import { meanAbsoluteError, meanSquaredError, toLoss } from '../losses/index.js';
import { requireValues } from '../losses/require-values.js';
import { checkOptions } from '../options.js';
import type { Value } from '../program/value.js';
import { binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy } from './accuracy.js';
import { auc } from './auc.js';
import { f1Score } from './f1-score.js';
import type { AccumulatingMetric, Metric } from './metric.js';
import { precision } from './precision.js';
import { recall } from './recall.js';
import { topKAccuracy } from './top-k-accuracy.js';

export type { AucOptions } from './auc.js';
export type { Average, ClassFigureOptions } from './class-counts.js';
export type { AccumulatingMetric, FigureOptions, Metric } from './metric.js';
export type { TopKAccuracyOptions } from './top-k-accuracy.js';
export {
  auc,
  binaryAccuracy,
  categoricalAccuracy,
  f1Score,
  precision,
  recall,
  sparseCategoricalAccuracy,
  topKAccuracy,
};

/** Which accuracy is meant follows from targets and predictions, as in Keras. */
export function accuracy(targets: Value, predictions: Value): Value {
  requireValues('metrics.accuracy', targets, predictions);
  if (targets.dtype === 'int32') return sparseCategoricalAccuracy(targets, predictions);
  return predictions.shape.at(-1) === 1
    ? binaryAccuracy(targets, predictions)
    : categoricalAccuracy(targets, predictions);
}

const functions = {
  accuracy,
  binaryAccuracy,
  categoricalAccuracy,
  sparseCategoricalAccuracy,
  meanAbsoluteError,
  meanSquaredError,
};

/** By name, of their options. */
const accumulating = { auc, f1Score, precision, recall, topKAccuracy };

const metrics = { ...functions, ...accumulating };

/** Metrics that `compile` knows by name. @useDeclaredType */
export type MetricName = keyof typeof metrics;

/** A metric as plain data: its name beside its options. */
export type PlainMetric =
  | PlainPart<typeof accumulating>
  | {
      /** Which metric. */
      readonly name: keyof typeof functions;
    };

/** By name with its defaults, as plain data (`{ name: 'auc', curve: 'pr' }`), a function, or what those here return. */
export type MetricLike = Metric | MetricName | PlainMetric | AccumulatingMetric;

/** A metric, and what its figure is called. @internal */
export interface NamedMetric {
  readonly name: string;
  /** What is recorded of a batch. */
  readonly metric: Metric;
  /** Where that are counts: what adds them up. */
  readonly accumulating?: AccumulatingMetric | undefined;
}

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name or option, for a function without one, and what is neither. */
export function toMetric(wanted: MetricLike): NamedMetric {
  if (typeof wanted === 'function') return fromFunction(wanted);
  if (kindOf(wanted) === 'Object') {
    const part = wanted as AccumulatingMetric;
    return typeof part.counts === 'function' ? fromPart(part) : fromPlain(wanted as PlainMetric);
  }
  if (typeof wanted === 'string') return fromPlain({ name: wanted });
  throw notAllowed('a metric', wanted, `functions, and the names ${Object.keys(metrics).join(', ')}`);
}

function fromPlain({ name, ...options }: PlainMetric): NamedMetric {
  const found = named<unknown>('metric', metrics, name);
  if (Object.hasOwn(accumulating, name)) return fromPart((found as (options: object) => AccumulatingMetric)(options));
  checkOptions(`metrics.${name}`, options, {});
  return { name, metric: found as Metric };
}

/** @throws CudaGanError `CUDA_GAN_VALUE` for an object of one's own that is none, or is called as one of the package. */
function fromPart(part: AccumulatingMetric): NamedMetric {
  const { name, options, figure = name } = part;
  nonEmptyText('the name of a metric', name);
  if (typeof part.result !== 'function' || kindOf(options) !== 'Object') {
    throw notAllowed(`the metric ${inWords(name)}`, part, 'objects with name, options, counts and result');
  }
  requireOwnName('metric', part, metrics);
  return { name: nonEmptyText('figure', figure), metric: (...values) => part.counts(...values), accumulating: part };
}

/** Functions of this package are known by the names that users call them by; those of options stand for their defaults. */
function fromFunction(metric: Metric): NamedMetric {
  const known = Object.entries<unknown>(metrics).find(([, found]) => found === metric)?.[0];
  if (known !== undefined) return fromPlain({ name: known as MetricName });
  const { name } = toLoss(metric);
  if (name !== '') return { name, metric };
  throw notAllowed('a metric', metric, 'functions with a name, by which their figures are called');
}
