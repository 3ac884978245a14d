// Mixtures of Gaussians in the plane, on which collapse can be counted: the ring and the grid of Srivastava et al.,
// VEEGAN (2017), with the figures of Lin et al., PacGAN: The Power of Two Samples in Generative Adversarial Networks (2018).
import { inWords, kindOf, positiveNumber, seedNumber, wholeNumber, wholeNumberIn } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { checkOptions, type OptionNames } from '../options.js';
import { RandomStream } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import {
  createTypedArray,
  formatShape,
  type NamedTensor,
  type OwnFloat32Array,
  type OwnInt32Array,
  requireTensor,
  type Tensor,
  type TypedArray,
  tensor,
} from '../tensor.js';

interface MixtureOptions {
  /** Number of points. Default 100000. */
  readonly count?: number | undefined;
  /** Which points: the same number gives the same, a whole number below 2³². Default 0. */
  readonly seed?: number | undefined;
}

/** What `gaussianRing` takes. */
export interface GaussianRingOptions extends MixtureOptions {
  /** Number of Gaussians, evenly spread over a circle around the origin. Default 8. */
  readonly modes?: number | undefined;
  /** Of the circle. Default 1. */
  readonly radius?: number | undefined;
  /** Standard deviation of each Gaussian, in both directions. Default 0.01. */
  readonly stddev?: number | undefined;
}

/** What `gaussianGrid` takes. */
export interface GaussianGridOptions extends MixtureOptions {
  /** Gaussians in a row; as many rows, around the origin. Default 5, which makes 25. */
  readonly side?: number | undefined;
  /** Distance of neighbours. Default 2, which makes means of -4, -2, 0, 2 and 4. */
  readonly spacing?: number | undefined;
  /** Standard deviation of each Gaussian, in both directions. Default 0.05. */
  readonly stddev?: number | undefined;
}

const ringOptionNames: OptionNames<GaussianRingOptions> = {
  modes: true,
  radius: true,
  stddev: true,
  count: true,
  seed: true,
};
const gridOptionNames: OptionNames<GaussianGridOptions> = {
  side: true,
  spacing: true,
  stddev: true,
  count: true,
  seed: true,
};

/** Points of a mixture of Gaussians in the plane, and the Gaussians that they are from. */
export interface GaussianMixture {
  /** [count, 2], each from a mode that was drawn at random, all modes equally likely. */
  readonly points: NamedTensor<OwnFloat32Array>;
  /** The modes that the points came from, [count]. */
  readonly labels: Tensor<OwnInt32Array>;
  /** The means of the Gaussians, [modes, 2]. */
  readonly modes: Tensor<OwnFloat32Array>;
  /** Of each Gaussian, in both directions. */
  readonly stddev: number;
}

/** What `modeCoverage` finds. */
export interface ModeCoverage {
  /** Modes with at least one sample of high quality. */
  readonly modes: number;
  /** Share of the samples that lie within three standard deviations of a mode, 0 to 1. 0.989 of the mixture's own do. */
  readonly highQuality: number;
  /** Samples of high quality at each mode. */
  readonly counts: OwnInt32Array;
}

const maxModes = 2 ** 20;

/**
 * A ring of Gaussians. The points' name is `ring`.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option, `CUDA_GAN_NO_MEMORY` for more points than there is room for.
 */
export function gaussianRing(options?: GaussianRingOptions): GaussianMixture {
  const given = checkOptions('datasets.gaussianRing', options, ringOptionNames);
  const { modes = 8, radius = 1, stddev = 0.01 } = given;
  wholeNumberIn('modes', modes, 1, maxModes);
  positiveNumber('radius', radius);
  const means = Array.from({ length: modes }, (_, i) => {
    const angle = (2 * Math.PI * i) / modes;
    return [radius * Math.cos(angle), radius * Math.sin(angle)] as const;
  });
  return mixture('ring', means, positiveNumber('stddev', stddev), given);
}

/**
 * A square grid of Gaussians. The points' name is `grid`.
 * @throws CudaGanError as `gaussianRing`.
 */
export function gaussianGrid(options?: GaussianGridOptions): GaussianMixture {
  const given = checkOptions('datasets.gaussianGrid', options, gridOptionNames);
  const { side = 5, spacing = 2, stddev = 0.05 } = given;
  wholeNumberIn('side', side, 1, Math.sqrt(maxModes));
  positiveNumber('spacing', spacing);
  const at = (i: number) => spacing * (i - (side - 1) / 2);
  const means = Array.from({ length: side * side }, (_, i) => [at(Math.floor(i / side)), at(i % side)] as const);
  return mixture('grid', means, positiveNumber('stddev', stddev), given);
}

/**
 * How many modes samples [n, 2] cover, and how many of them belong to one: a sample is of high quality within three
 * standard deviations of the nearest mode, and a mode is covered by one such sample. Articles take 2500 samples.
 * @throws CudaGanError `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for what are no such samples; `CUDA_GAN_VALUE` for no mixture.
 */
export function modeCoverage(samples: Tensor<Float32Array>, mixture: GaussianMixture): ModeCoverage {
  const points = requirePoints('samples', samples);
  const { means, stddev } = requireMixture(mixture);
  const count = points.length / 2;
  const counts = createTypedArray('int32', means.length / 2);
  let good = 0;
  for (let i = 0; i < count; i++) {
    const { mode, distance } = nearest(means, points[2 * i]!, points[2 * i + 1]!);
    if (!(distance <= 3 * stddev)) continue;
    counts[mode]!++;
    good++;
  }
  return { modes: counts.filter((samplesOfIt) => samplesOfIt > 0).length, highQuality: good / count, counts };
}

function mixture(
  name: string,
  means: readonly (readonly [number, number])[],
  stddev: number,
  { count = 100000, seed = 0 }: MixtureOptions,
): GaussianMixture {
  wholeNumber('count', count, 1);
  const random = new RandomStream(seedNumber('seed', seed), firstStream.data);
  const points = createTypedArray('float32', 2 * count);
  const labels = createTypedArray('int32', count);
  for (let i = 0; i < count; i++) {
    const mode = random.integer(means.length);
    const [x, y] = means[mode]!;
    labels[i] = mode;
    points[2 * i] = x + stddev * random.normal();
    points[2 * i + 1] = y + stddev * random.normal();
  }
  return {
    points: { ...tensor(points, [count, 2]), name },
    labels: tensor(labels),
    modes: tensor(Float32Array.from(means.flat()), [means.length, 2]),
    stddev,
  };
}

/** NaN is at no distance from anything: its mode is 0, and its distance infinite. */
function nearest(means: TypedArray, x: number, y: number): { readonly mode: number; readonly distance: number } {
  let [mode, least] = [0, Number.POSITIVE_INFINITY];
  for (let i = 0; i < means.length / 2; i++) {
    const distance = Math.hypot(x - means[2 * i]!, y - means[2 * i + 1]!);
    if (distance < least) [mode, least] = [i, distance];
  }
  return { mode, distance: least };
}

function requirePoints(name: string, given: Tensor): TypedArray {
  const { shape, data } = requireTensor(name, given);
  if (shape.length === 2 && shape[1] === 2 && shape[0]! > 0) return data;
  throw new CudaGanError('CUDA_GAN_SHAPE', `${name} has shape ${formatShape(shape)}; wanted is [n, 2], n at least 1`);
}

function requireMixture(mixture: GaussianMixture): { readonly means: TypedArray; readonly stddev: number } {
  const { modes, stddev } = mixture ?? {};
  if (kindOf(mixture) === 'Object' && typeof stddev === 'number' && stddev > 0) {
    return { means: requirePoints('modes', modes), stddev };
  }
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `the mixture is ${inWords(mixture)}; allowed are results of datasets.gaussianRing and datasets.gaussianGrid`,
  );
}
