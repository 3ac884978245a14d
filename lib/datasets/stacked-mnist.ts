// Stacked MNIST: three random digits as the red, green and blue of an image, which makes 1000 modes that can be counted
// (Metz et al., Unrolled Generative Adversarial Networks, 2017; protocol of Lin et al., PacGAN, 2018).
import { inWords, seedNumber, wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { Model } from '../models/model.js';
import { checkOptions, type OptionNames } from '../options.js';
import { RandomStream } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import {
  createTypedArray,
  dtypeOf,
  formatShape,
  type OwnInt32Array,
  requireTensor,
  type Tensor,
  type TypedArray,
} from '../tensor.js';
import type { LabelledImages } from './labelled-images.js';
import { type MnistOptions, mnist } from './mnist.js';

/** What `stackedMnist` takes. */
export interface StackedMnistOptions extends Omit<MnistOptions, 'checksum'> {
  /** Number of images, of 2352 bytes each. Default 128000, as in the articles: 287 MiB. */
  readonly count?: number | undefined;
  /** Which digits are stacked: the same number gives the same images, a whole number below 2³². Default 0. */
  readonly seed?: number | undefined;
}

const optionNames: OptionNames<StackedMnistOptions> = { split: true, dataDir: true, count: true, seed: true };

/** What tells digits [n, height, width, 1] apart: their numbers [n], or scores [n, 10] of which the greatest counts. */
export type DigitClassifier = Model | ((digits: Tensor) => Tensor | Promise<Tensor>);

/** What `stackedModeCoverage` finds. */
export interface StackedModeCoverage {
  /** Modes with at least one sample, 0 to 1000. */
  readonly modes: number;
  /**
   * KL(p ‖ u) = Σ p ln(1000 p) in nats, p the share of each mode among the samples and u = 1/1000: 0 for evenly spread
   * samples, ln 1000 = 6.91 for a single mode. Even perfect samples have about 999 / 2n: 0.019 for 26000.
   */
  readonly kl: number;
  /** Samples of each mode. */
  readonly counts: OwnInt32Array;
}

const channels = 3;
const digits = 10;
const modeCount = digits ** channels;

/**
 * Makes Stacked MNIST of MNIST: images [count, 28, 28, 3], and labels 0 to 999 whose digits are those in red, green and
 * blue. The images' name is `stacked-mnist`.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option, `CUDA_GAN_NO_MEMORY` for more images than there is room for;
 * else as `mnist`.
 */
export async function stackedMnist(options?: StackedMnistOptions): Promise<LabelledImages> {
  const given = checkOptions('datasets.stackedMnist', options, optionNames);
  const { count = 128000, seed = 0, split, dataDir } = given;
  wholeNumber('count', count, 1);
  const random = new RandomStream(seedNumber('seed', seed), firstStream.data);
  const source = await mnist({ split, dataDir });
  const [total, height, width] = source.images.shape as [number, number, number];
  const size = height * width;
  const pixels = createTypedArray('uint8', count * size * channels);
  const labels = createTypedArray('int32', count);
  for (let i = 0; i < count; i++) {
    for (let channel = 0; channel < channels; channel++) {
      const row = random.integer(total);
      labels[i] = labels[i]! * digits + source.labels.data[row]!;
      const digit = source.images.data.subarray(row * size, (row + 1) * size);
      for (let j = 0; j < size; j++) pixels[(i * size + j) * channels + channel] = digit[j]!;
    }
  }
  return {
    images: { shape: [count, height, width, channels], data: pixels, name: 'stacked-mnist' },
    labels: { shape: [count], data: labels },
    classes: Array.from({ length: modeCount }, (_, mode) => String(mode).padStart(channels, '0')),
  };
}

/**
 * How many of the 1000 modes samples [n, height, width, 3] cover, and how evenly, by a classifier of digits: a model, or a
 * function. It is given each channel as images [n, height, width, 1], in the numbers that the samples have: train it on
 * digits in the same range. Articles take 26000 samples.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for samples or answers of another shape; `CUDA_GAN_DATA` for answers that are no
 * digits; `CUDA_GAN_VALUE` for what is no classifier.
 */
export async function stackedModeCoverage(samples: Tensor, classifier: DigitClassifier): Promise<StackedModeCoverage> {
  const { shape, data } = requireTensor('samples', samples);
  if (shape.length !== 4 || shape[3] !== channels || shape[0] === 0) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `samples has shape ${formatShape(shape)}; wanted is [n, height, width, 3], n at least 1`,
    );
  }
  const classify = requireClassifier(classifier);
  const count = shape[0]!;
  const modes = createTypedArray('int32', count);
  for (let channel = 0; channel < channels; channel++) {
    const images = { shape: [...shape.slice(0, 3), 1], data: channelOf(data, channel) };
    const found = digitsIn(await classify(images), count);
    for (let i = 0; i < count; i++) modes[i] = modes[i]! * digits + found[i]!;
  }
  const counts = createTypedArray('int32', modeCount);
  for (const mode of modes) counts[mode]!++;
  return { modes: counts.filter((samplesOfIt) => samplesOfIt > 0).length, kl: divergence(counts, count), counts };
}

/** KL(p ‖ u) of the shares p of `counts` to the uniform distribution, in nats. */
function divergence(counts: Int32Array, total: number): number {
  return counts.reduce((sum, count) => {
    const share = count / total;
    return share === 0 ? sum : sum + share * Math.log(share * counts.length);
  }, 0);
}

function channelOf(data: TypedArray, channel: number): TypedArray {
  const values = createTypedArray(dtypeOf(data), data.length / channels);
  for (let i = 0; i < values.length; i++) values[i] = data[i * channels + channel]!;
  return values;
}

function requireClassifier(classifier: DigitClassifier): (images: Tensor) => unknown {
  if (classifier instanceof Model) return (images) => classifier.predict(images);
  if (typeof classifier === 'function') return classifier;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `the classifier is ${inWords(classifier)}; allowed are models, and functions of images`,
  );
}

/** The digits of an answer: numbers [n], or the places of the greatest of scores [n, 10]. */
function digitsIn(answer: unknown, count: number): ArrayLike<number> {
  const { shape, data } = requireTensor("the classifier's answer", answer as Tensor);
  if (shape.length === 2 && shape[0] === count && shape[1] === digits) return greatestOf(data, count);
  if (shape.length !== 1 || shape[0] !== count) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the classifier's answer has shape ${formatShape(shape)}; wanted is [${count}], digits, or [${count}, 10], scores`,
    );
  }
  const wrong = data.findIndex((digit) => !(Number.isInteger(digit) && digit >= 0 && digit < digits));
  if (wrong < 0) return data;
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `the classifier answers ${data[wrong]} for image ${wrong}; allowed are digits 0 to 9`,
  );
}

function greatestOf(scores: TypedArray, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => {
    const row = scores.subarray(i * digits, (i + 1) * digits);
    let best = 0;
    for (let j = 1; j < digits; j++) if (row[j]! > row[best]!) best = j;
    return best;
  });
}
