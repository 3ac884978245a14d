// How sure a figure is: percentile intervals of the bootstrap (Efron 1979; Efron & Tibshirani 1993).
import { numberFromTo, seedNumber, wholeNumber } from '../checks.js';
import type { OptionNames } from '../options.js';
import { RandomStream } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import { createTypedArray } from '../tensor.js';

/** A figure, and the interval that it lies in with the probability `confidence`. */
export interface Estimate {
  /** The figure itself. */
  readonly value: number;
  /** Lower end of the interval. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
  /** Probability of the interval. */
  readonly confidence: number;
}

/** How an interval is found. */
export interface IntervalOptions {
  /** Probability of the interval, 0.5 to 0.999. Default 0.95. */
  readonly confidence?: number | undefined;
  /** How often the samples are drawn anew for the interval, at least 20. Default 200. */
  readonly resamples?: number | undefined;
  /** Which draws: the same number gives the same interval, a whole number below 2³². Default 0. */
  readonly seed?: number | undefined;
}

/** @internal */
export const intervalOptionNames: OptionNames<IntervalOptions> = { confidence: true, resamples: true, seed: true };

/** Options with their defaults. */
export interface IntervalPlan {
  readonly confidence: number;
  readonly resamples: number;
  readonly random: RandomStream;
}

/** @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option. */
export function planInterval({ confidence = 0.95, resamples = 200, seed = 0 }: IntervalOptions): IntervalPlan {
  return {
    confidence: numberFromTo('confidence', confidence, 0.5, 0.999),
    resamples: wholeNumber('resamples', resamples, 20),
    random: new RandomStream(seedNumber('seed', seed), firstStream.evaluation),
  };
}

/**
 * The interval of a figure `value` by samples drawn anew with replacement. `statistic` gives the figure of rows, by their
 * numbers, of each of the sets that `counts` has the sizes of.
 */
export async function bootstrap(
  value: number,
  counts: readonly number[],
  statistic: (...rows: Int32Array[]) => number,
  { confidence, resamples, random }: IntervalPlan,
): Promise<Estimate> {
  const rows = counts.map((count) => createTypedArray('int32', count));
  const values: number[] = [];
  for (let i = 0; i < resamples; i++) {
    for (const set of rows) for (let j = 0; j < set.length; j++) set[j] = random.integer(set.length);
    values.push(statistic(...rows));
    await otherWork();
  }
  return { value, ...percentiles(values, confidence), confidence };
}

/** The mean of `values` with its interval. */
export function bootstrapMean(values: ArrayLike<number>, plan: IntervalPlan): Promise<Estimate> {
  return bootstrap(meanOf(values), [values.length], (rows) => meanOfRows(values, rows), plan);
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

export function meanOfRows(values: ArrayLike<number>, rows: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += values[rows[i]!]!;
  return sum / rows.length;
}

/** The middle `confidence` of the values. */
export function percentiles(
  values: readonly number[],
  confidence: number,
): { readonly low: number; readonly high: number } {
  const sorted = [...values].sort((a, b) => a - b);
  return { low: quantile(sorted, (1 - confidence) / 2), high: quantile(sorted, (1 + confidence) / 2) };
}

/** Of sorted values, linear between two of them. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}

/** Lets the process do what has come up while it computes. */
export function otherWork(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
