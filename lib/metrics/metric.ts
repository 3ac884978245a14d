// What a metric is: a figure of samples whose mean is taken, or one that follows from sums over all of them.
import type { Value } from '../program/value.js';

/**
 * Targets and predictions of a batch → what is looked at: one number, or, to be averaged, one for each sample or more,
 * [batch, ..]. The figure has the function's name.
 */
export type Metric = (targets: Value, predictions: Value) => Value;

/**
 * A metric that is no mean over samples, such as precision: counts of a batch are added up in float64, and the figure follows
 * from the sums. So it does not depend on how the samples lie in batches. One of your own is an object of this kind.
 */
export interface AccumulatingMetric {
  /** What errors and files call it. */
  readonly name: string;
  /** Plain data: what its function was given. A training that is resumed must have the same. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What the figure is called in logs and histories. Default: `name`. */
  readonly figure?: string | undefined;
  /** What is added up: float32 [any length], the same for every batch. */
  counts(targets: Value, predictions: Value): Value;
  /** The figure, of the sums over all batches so far. */
  result(sums: readonly number[]): number;
}

/** What all built-in metrics of the second kind take. */
export interface FigureOptions {
  /** What the figure is called in logs and histories, to tell several of one kind apart. Default: the name of the metric. */
  readonly figure?: string | undefined;
}
