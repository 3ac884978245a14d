// What a generator makes, measured again and again while it is trained: figures of few samples, without intervals.

import type { Device } from '../devices/device.js';
import { CudaGanError } from '../errors.js';
import { rowNumbers } from '../models/batches.js';
import type { PixelRange } from '../models/pixel-range.js';
import { RandomStream } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import { firstNonFinite, type Tensor, type TypedArray } from '../tensor.js';
import { leastPerClass, scoreOf } from './classifier-score.js';
import { digitFeatures } from './digit-features.js';
import type { DrawSamplesOptions } from './draw-samples.js';
import type { FeatureNetwork } from './feature-network.js';
import { type Rows, requireCount, requireProbabilities, requireRows } from './features.js';
import { distanceOf, leastCount } from './frechet-distance.js';
import { meanOf } from './intervals.js';
import { type Moments, momentsOf } from './moments.js';
import { countInBalls, squaredRadii } from './neighbours.js';
import { drawRows, rowsAt } from './subsets.js';

/**
 * What is measured of the samples of a generator while it is trained: the values of `metrics.frechetDistance`,
 * `metrics.precisionRecall` and `metrics.classifierScore`. They depend on the feature network and on the number of samples:
 * compare only figures of the same.
 */
export interface GeneratorFigures {
  /** Distance of features of the samples to those of the data: less is better. */
  readonly frechetDistance: number;
  /** Share of the samples that look like data, 0 to 1. */
  readonly precision: number;
  /** Share of the data that the samples cover, 0 to 1. */
  readonly recall: number;
  /** Only where the feature network tells classes, of which it is at most the number. */
  readonly classifierScore?: number;
}

/** Images to compare with, and their classes where they matter. */
export interface WatchReference {
  readonly images: Tensor;
  readonly labels?: Tensor | undefined;
}

export interface GeneratorWatchOptions {
  readonly reference: WatchReference;
  /** Samples of each measurement. */
  readonly count: number;
  /** Default: that of `digitFeatures`. */
  readonly network: FeatureNetwork | undefined;
  readonly device: Device;
  /** What is black and white in float32 images, samples and data alike. */
  readonly range: PixelRange;
  /** What messages call the reference and the count. */
  readonly names: { readonly reference: string; readonly count: string };
}

/** Of `precisionRecall`, by default. */
const neighbours = 3;

/** The data's side of all figures. */
interface MeasuredReference {
  readonly rows: Rows;
  readonly moments: Moments;
  /** Squared radii of the balls around its rows. */
  readonly squares: Float64Array;
}

/** At most `count` of the images, copied: the same ones for the same seed. */
export function someOfReference({ images, labels }: WatchReference, count: number, seed: number): WatchReference {
  const total = images.shape[0]!;
  const rows = drawRows(total, Math.min(count, total), new RandomStream(seed, firstStream.evaluation));
  return { images: rowsAt<TypedArray>(images, rows), labels: labels && rowsAt<TypedArray>(labels, rows) };
}

/** Measures samples against data that was measured once. */
export class GeneratorWatch {
  /** What is to be drawn for a measurement: always from the same noise, in classes as frequent as those of the data. */
  readonly draws: Required<Pick<DrawSamplesOptions, 'count' | 'seed'>> & Pick<DrawSamplesOptions, 'labels'>;
  readonly #options: GeneratorWatchOptions;
  readonly #network: FeatureNetwork;
  readonly #reference: MeasuredReference;

  private constructor(options: GeneratorWatchOptions, network: FeatureNetwork, reference: MeasuredReference) {
    const { labels } = options.reference;
    this.draws = { count: options.count, seed: 0, ...(labels !== undefined && { labels }) };
    this.#options = options;
    this.#network = network;
    this.#reference = reference;
  }

  /**
   * Measures the reference.
   * @throws CudaGanError `CUDA_GAN_SHAPE` for images that the network does not take; `CUDA_GAN_DATA` for too few of them, or
   * numbers that are not finite; `CUDA_GAN_VALUE` for too few samples; as `digitFeatures`.
   */
  static async open(options: GeneratorWatchOptions): Promise<GeneratorWatch> {
    const { device, reference, range } = options;
    const network = options.network ?? (await digitFeatures({ device }));
    try {
      const { features, probabilities } = await network.measure(reference.images, { range });
      requireEnough(options, network);
      if (probabilities !== undefined) requireProbabilities('the second output of the feature network', probabilities);
      const rows = requireRows(options.names.reference, features);
      const moments = momentsOf(rows, rowNumbers(rows.count));
      const squares = await squaredRadii(rows, neighbours, device);
      return new GeneratorWatch(options, network, { rows, moments, squares });
    } catch (error) {
      if (options.network === undefined) network.dispose();
      throw error;
    }
  }

  /** Names of the figures. */
  get figures(): readonly (keyof GeneratorFigures)[] {
    return figuresOf(this.#network);
  }

  /** The figures of samples [n, height, width, channels]; none of samples with numbers that are not finite. */
  async measure(samples: Tensor): Promise<Partial<GeneratorFigures>> {
    if (firstNonFinite(samples.data) >= 0) return {};
    const { device, range } = this.#options;
    const { rows: data, moments, squares } = this.#reference;
    const { features, probabilities } = await this.#network.measure(samples, { range });
    const rows = requireRows('samples', features);
    const realised = await countInBalls(rows, data, squares, device);
    const recalled = await countInBalls(data, rows, await squaredRadii(rows, neighbours, device), device);
    return {
      frechetDistance: distanceOf(momentsOf(rows, rowNumbers(rows.count)), moments),
      precision: shareInBalls(realised.ofQueries),
      recall: shareInBalls(recalled.ofQueries),
      ...(probabilities !== undefined && {
        classifierScore: scoreOf(requireProbabilities('probabilities', probabilities))(rowNumbers(rows.count)),
      }),
    };
  }

  /** Frees the memory of the package's network; another one stays its owner's. */
  dispose(): void {
    if (this.#options.network === undefined) this.#network.dispose();
  }
}

/** Names of the figures by a network; undefined stands for that of `digitFeatures`. */
export function figuresOf(network: FeatureNetwork | undefined): readonly (keyof GeneratorFigures)[] {
  const always = ['frechetDistance', 'precision', 'recall'] as const;
  return network !== undefined && network.classes === undefined ? always : [...always, 'classifierScore'];
}

function requireEnough({ reference, count, names }: GeneratorWatchOptions, network: FeatureNetwork): void {
  const { dimension, classes = 0 } = network;
  const ofFeatures = leastCount(dimension, false);
  requireCount(
    names.reference,
    reference.images.shape[0]!,
    ofFeatures,
    `the Fréchet distance of ${dimension} features`,
  );
  const least = Math.max(ofFeatures, leastPerClass * classes);
  if (count >= least) return;
  const classed = classes === 0 ? '' : ` and ${classes} classes`;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `${names.count} is ${count}; figures by ${dimension} features${classed} need at least ${least} samples`,
  );
}

function shareInBalls(balls: Int32Array): number {
  return meanOf(balls.map((count) => Math.min(count, 1)));
}
