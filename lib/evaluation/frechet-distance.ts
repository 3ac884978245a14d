// The Fréchet distance of two sets of features: Heusel et al., GANs Trained by a Two Time-Scale Update Rule (2017).
import { trueOrFalse } from '../checks.js';
import { rowNumbers } from '../models/batches.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { RandomStream } from '../random/random-stream.js';
import type { Tensor } from '../tensor.js';
import { type Rows, requireCount, requireRows, requireSameDimension } from './features.js';
import {
  type Estimate,
  type IntervalOptions,
  intervalOptionNames,
  meanOf,
  otherWork,
  percentiles,
  planInterval,
} from './intervals.js';
import { combined, type Moments, momentsOf } from './moments.js';
import { sumOfSingularValues } from './singular-values.js';
import { drawRows } from './subsets.js';

/** What `frechetDistance` takes. */
export interface FrechetDistanceOptions extends IntervalOptions {
  /** Also extrapolate to infinitely many samples. Default false. */
  readonly extrapolate?: boolean | undefined;
}

/** A Fréchet distance of two sets of features. */
export interface FrechetDistance extends Estimate {
  /** What it would be for infinitely many samples, where that is asked for; `reference` stays as it is. */
  readonly extrapolated?: number;
  /** The distance is biased upwards, the more the fewer samples there are: compare only figures of as many. */
  readonly samples: number;
  /** How many samples the data have. */
  readonly reference: number;
}

const optionNames: OptionNames<FrechetDistanceOptions> = { extrapolate: true, ...intervalOptionNames };

/** Parts that a set is cut into for the interval; half of them make a subset. */
const groupCount = 20;

/** Subsets that are extrapolated from, the smallest of which has this share of the samples. */
const extrapolationSizes = 15;
const leastShare = 0.1;

/**
 * ‖μ₁ - μ₂‖² + tr(Σ₁ + Σ₂ - 2 (Σ₁Σ₂)^½) of features [n, d] of generated samples and of data, in float64; Σ is divided by
 * n - 1. With Σ = RᵀR, the trace of the root is the sum of the singular values of R₁R₂ᵀ: Σ may be singular, and a set
 * has the distance 0 to itself.
 *
 * The interval comes from subsets: both sets are cut at random into 20 parts, and half of them make a subset, as often as
 * `resamples` says. Their distances vary as that of the whole sets does (Shao & Wu 1989); their mean, which the bias of
 * fewer samples raises, is left out.
 *
 * `extrapolate`: the distances of 15 subsets of the samples, from a tenth to all of them, lie on a line over 1/n, which is
 * followed to 1/n = 0 (Chong & Forsyth, Effectively Unbiased FID, 2020). It wants ten times as many samples as features.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for what are no features, or of another dimension; `CUDA_GAN_DATA` for at most d
 * samples (articles take 10000 to 50000), or numbers that are not finite; `CUDA_GAN_VALUE` for a wrong option.
 */
export async function frechetDistance(
  samples: Tensor,
  reference: Tensor,
  options?: FrechetDistanceOptions,
): Promise<FrechetDistance> {
  const { extrapolate = false, ...interval } = checkOptions('metrics.frechetDistance', options, optionNames);
  trueOrFalse('extrapolate', extrapolate);
  const plan = planInterval(interval);
  const sets = [requireRows('samples', samples), requireRows('reference', reference)] as const;
  requireSameDimension(...sets);
  const [{ count, dimension }, { count: referenceCount }] = sets;
  const figure = `the Fréchet distance of ${dimension} features`;
  requireCount('samples', count, leastCount(dimension, extrapolate), extrapolate ? `${figure}, extrapolated,` : figure);
  requireCount('reference', referenceCount, leastCount(dimension, false), figure);

  const [whole, wholeReference] = sets.map((rows) => momentsOf(rows, rowNumbers(rows.count))) as [Moments, Moments];
  const value = distanceOf(whole, wholeReference);
  const parts = sets.map((rows) => groupsOf(rows, plan.random));
  const distances: number[] = [];
  for (let i = 0; i < plan.resamples; i++) {
    const [a, b] = parts.map((groups) => combined(halfOf(groups, plan.random))) as [Moments, Moments];
    distances.push(distanceOf(a, b));
    await otherWork();
  }
  const { low, high } = percentiles(distances, plan.confidence);
  const mean = meanOf(distances);
  const figures = {
    value,
    low: Math.max(0, value + low - mean),
    high: value + high - mean,
    confidence: plan.confidence,
    samples: count,
    reference: referenceCount,
  };
  if (!extrapolate) return figures;
  return { ...figures, extrapolated: await extrapolated(sets[0], wholeReference, value, plan.random) };
}

/** So many that the covariance can have its full rank; of the least subset, where there are some. */
export function leastCount(dimension: number, extrapolate: boolean): number {
  const count = Math.max(dimension + 1, 4);
  return extrapolate ? Math.ceil(count / leastShare) : count;
}

/** The distance of two sets, by their moments. */
export function distanceOf(a: Moments, b: Moments): number {
  const d = a.mean.length;
  let squares = 0;
  for (let i = 0; i < d; i++) squares += (a.mean[i]! - b.mean[i]!) ** 2;
  const [scaleA, scaleB] = [1 / Math.sqrt(a.count - 1), 1 / Math.sqrt(b.count - 1)];
  const product = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      let sum = 0;
      for (let k = Math.max(i, j); k < d; k++) sum += a.root[i * d + k]! * b.root[j * d + k]!;
      product[i * d + j] = scaleA * scaleB * sum;
    }
  }
  const traces = scaleA ** 2 * squareSum(a.root) + scaleB ** 2 * squareSum(b.root);
  return Math.max(0, squares + traces - 2 * sumOfSingularValues(product, d));
}

/** The line through the distances of subsets, at 1/n = 0. */
async function extrapolated(rows: Rows, reference: Moments, whole: number, random: RandomStream): Promise<number> {
  const points: (readonly [number, number])[] = [[1 / rows.count, whole]];
  for (let i = 0; i < extrapolationSizes - 1; i++) {
    const share = leastShare + ((1 - leastShare) * i) / (extrapolationSizes - 1);
    const size = Math.round(share * rows.count);
    const subset = drawRows(rows.count, size, random);
    points.push([1 / size, distanceOf(momentsOf(rows, subset), reference)]);
    await otherWork();
  }
  return interceptOf(points);
}

/** Of the line through points [x, y], by least squares, its y at x = 0. */
export function interceptOf(points: readonly (readonly [x: number, y: number])[]): number {
  const [meanX, meanY] = [meanOf(points.map(([x]) => x)), meanOf(points.map(([, y]) => y))];
  const covariance = meanOf(points.map(([x, y]) => (x - meanX) * (y - meanY)));
  return meanY - (covariance / meanOf(points.map(([x]) => (x - meanX) ** 2))) * meanX;
}

/** The moments of parts of equal size, drawn at random. */
function groupsOf(rows: Rows, random: RandomStream): Moments[] {
  const order = drawRows(rows.count, rows.count, random);
  const groups = Math.min(groupCount, 2 * Math.floor(rows.count / 2));
  return Array.from({ length: groups }, (_, i) => {
    const begin = Math.floor((i * rows.count) / groups);
    return momentsOf(rows, order.subarray(begin, Math.floor(((i + 1) * rows.count) / groups)));
  });
}

function halfOf(groups: readonly Moments[], random: RandomStream): Moments[] {
  return Array.from(drawRows(groups.length, groups.length / 2, random), (i) => groups[i]!);
}

function squareSum(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return sum;
}
