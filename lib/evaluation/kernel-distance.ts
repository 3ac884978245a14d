// The kernel distance of two sets of features: Bińkowski et al., Demystifying MMD GANs (2018).
import { wholeNumber } from '../checks.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { RandomStream } from '../random/random-stream.js';
import type { Tensor } from '../tensor.js';
import { type Rows, requireCount, requireRows, requireSameDimension } from './features.js';
import { type Estimate, type IntervalOptions, meanOf, otherWork, planInterval } from './intervals.js';
import { normalQuantile } from './normal-quantile.js';
import { drawRows } from './subsets.js';

/** What `kernelDistance` takes. */
export interface KernelDistanceOptions extends Omit<IntervalOptions, 'resamples'> {
  /** Pairs of subsets that are compared. Default 100. */
  readonly subsets?: number | undefined;
  /** Samples in each, at most half of a set. Default 1000, as in articles. */
  readonly subsetSize?: number | undefined;
}

/** A kernel distance of two sets of features. */
export interface KernelDistance extends Estimate {
  /** Standard deviation over the subsets, which articles state beside the mean. */
  readonly spread: number;
  /** Pairs of subsets that were compared. */
  readonly subsets: number;
  /** Samples in each. */
  readonly subsetSize: number;
}

const optionNames: OptionNames<KernelDistanceOptions> = {
  subsets: true,
  subsetSize: true,
  confidence: true,
  seed: true,
};

/**
 * The mean, over pairs of random subsets X and Y of m rows, of the unbiased squared maximum mean discrepancy
 *
 *   Σ_{i≠j} k(xᵢ, xⱼ) / m(m - 1) + Σ_{i≠j} k(yᵢ, yⱼ) / m(m - 1) - 2 Σᵢⱼ k(xᵢ, yⱼ) / m²,  k(x, y) = (xᵀy / d + 1)³,
 *
 * of features [n, d] of generated samples and of data, in float64. Around 0 for sets of one distribution, and then as often
 * below as above: unlike the Fréchet distance it is not biased by few samples.
 *
 * The interval is normal. The variance of a subset's figure falls as 1/m, so that of all n rows is m/n of it; what the
 * choice of so many subsets adds is counted too.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for what are no features, or of another dimension; `CUDA_GAN_DATA` for less than
 * 2 · `subsetSize` samples, or numbers that are not finite; `CUDA_GAN_VALUE` for a wrong option.
 */
export async function kernelDistance(
  samples: Tensor,
  reference: Tensor,
  options?: KernelDistanceOptions,
): Promise<KernelDistance> {
  const given = checkOptions('metrics.kernelDistance', options, optionNames);
  const { subsets = 100, subsetSize = 1000, ...interval } = given;
  wholeNumber('subsets', subsets, 2);
  wholeNumber('subsetSize', subsetSize, 2);
  const { confidence, random } = planInterval(interval);
  const [x, y] = [requireRows('samples', samples), requireRows('reference', reference)];
  requireSameDimension(x, y);
  const figure = `the kernel distance over subsets of ${subsetSize}`;
  requireCount('samples', x.count, 2 * subsetSize, figure);
  requireCount('reference', y.count, 2 * subsetSize, figure);

  const distances: number[] = [];
  for (let i = 0; i < subsets; i++) {
    distances.push(squaredDiscrepancy(takeRows(x, subsetSize, random), takeRows(y, subsetSize, random), x.dimension));
    await otherWork();
  }
  const value = meanOf(distances);
  const variance = distances.reduce((sum, distance) => sum + (distance - value) ** 2, 0) / (subsets - 1);
  const share = subsetSize / Math.min(x.count, y.count);
  // Subsets of the same rows vary less than those of new ones would: by 1 - share.
  const error = Math.sqrt((variance / (1 - share)) * share + variance / subsets);
  const reach = normalQuantile((1 + confidence) / 2) * error;
  return {
    value,
    low: value - reach,
    high: value + reach,
    confidence,
    spread: Math.sqrt(variance),
    subsets,
    subsetSize,
  };
}

/** Random rows, each at most once, in float64. */
function takeRows({ count, dimension, data }: Rows, size: number, random: RandomStream): Float64Array {
  const taken = new Float64Array(size * dimension);
  drawRows(count, size, random).forEach((row, i) => {
    for (let j = 0; j < dimension; j++) taken[i * dimension + j] = data[row * dimension + j]!;
  });
  return taken;
}

/** The unbiased estimate for two sets of as many rows. */
export function squaredDiscrepancy(x: Float64Array, y: Float64Array, dimension: number): number {
  const size = x.length / dimension;
  const within = (kernelSumWithin(x, dimension) + kernelSumWithin(y, dimension)) / (size * (size - 1));
  return within - (2 * kernelSum(x, y, dimension)) / size ** 2;
}

/** Σ_{i≠j} k(xᵢ, xⱼ): each pair counts twice. */
function kernelSumWithin(x: Float64Array, dimension: number): number {
  let sum = 0;
  for (let i = 0; i < x.length; i += dimension) sum += kernelSumOfRow(x, i, x, i + dimension, dimension);
  return 2 * sum;
}

/** Σᵢⱼ k(xᵢ, yⱼ) */
function kernelSum(x: Float64Array, y: Float64Array, dimension: number): number {
  let sum = 0;
  for (let i = 0; i < x.length; i += dimension) sum += kernelSumOfRow(x, i, y, 0, dimension);
  return sum;
}

/**
 * The sum over the rows of y from place `begin` on, with the row of x at place `at`. Four rows at a time: each number of x is
 * then read once for four products.
 */
function kernelSumOfRow(x: Float64Array, at: number, y: Float64Array, begin: number, dimension: number): number {
  let sum = 0;
  let j = begin;
  for (; j + 4 * dimension <= y.length; j += 4 * dimension) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let k = 0; k < dimension; k++) {
      const value = x[at + k]!;
      a += value * y[j + k]!;
      b += value * y[j + dimension + k]!;
      c += value * y[j + 2 * dimension + k]!;
      d += value * y[j + 3 * dimension + k]!;
    }
    sum += kernel(a, dimension) + kernel(b, dimension) + kernel(c, dimension) + kernel(d, dimension);
  }
  for (; j < y.length; j += dimension) {
    let product = 0;
    for (let k = 0; k < dimension; k++) product += x[at + k]! * y[j + k]!;
    sum += kernel(product, dimension);
  }
  return sum;
}

function kernel(product: number, dimension: number): number {
  const base = product / dimension + 1;
  return base * base * base;
}
