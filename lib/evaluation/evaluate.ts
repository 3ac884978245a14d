// All figures of a set of images at once.
import { instanceOf, kindOf } from '../checks.js';
import type { Device } from '../devices/device.js';
import type { DeviceChoice } from '../devices/names.js';
import { resolveDevice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { type ImageSource, isImageSource } from '../gan/image-source.js';
import { rowsOf } from '../models/data.js';
import { type PixelRange, requirePixelRange } from '../models/pixel-range.js';
import { checkOptions, type OptionNames } from '../options.js';
import { packageVersion } from '../package-info.cjs';
import { RandomStream } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import { formatShape, type OwnUint8Array, sameShape, type Tensor } from '../tensor.js';
import { type ClassHistogram, classHistogram } from './class-histogram.js';
import { classesOf } from './classes-of.js';
import { classifierScore } from './classifier-score.js';
import { digitFeatures } from './digit-features.js';
import { drawSamples } from './draw-samples.js';
import { FeatureNetwork, type FeatureNetworkIdentity, type ImageFeatures } from './feature-network.js';
import { type FrechetDistance, frechetDistance } from './frechet-distance.js';
import { bootstrapMean, type Estimate, type IntervalOptions, intervalOptionNames, planInterval } from './intervals.js';
import { type KernelDistance, kernelDistance } from './kernel-distance.js';
import { nearestNeighbours } from './nearest-neighbours.js';
import { asBytes } from './pixels.js';
import { type DensityCoverage, densityCoverage, type PrecisionRecall, precisionRecall } from './precision-recall.js';
import { type Sharpness, sharpness } from './sharpness.js';
import { drawRows, rowsAt } from './subsets.js';

/** What `metrics.evaluate` takes beside a generator or images. */
export interface EvaluateOptions extends IntervalOptions {
  /**
   * Data that the samples are measured against, images [m, height, width, channels], alone or with their classes; the test set,
   * where there is one.
   */
  readonly reference:
    | Tensor
    | {
        /** [m, height, width, channels] */
        readonly images: Tensor;
        /** Class numbers, [m]. */
        readonly labels?: Tensor | undefined;
      };
  /**
   * What the generator was trained on, [k, height, width, channels]: looked through for what was learnt by heart, and measured as
   * samples are, for the figures that real images have. Default: `reference`, without those figures.
   */
  readonly training?: Tensor | undefined;
  /** Default: that of `digitFeatures`. */
  readonly network?: FeatureNetwork | undefined;
  /** Of a source: how many samples are drawn. Default 10000. */
  readonly count?: number | undefined;
  /** What is black and white in float32 images. Default `[-1, 1]`, or that of the source. */
  readonly range?: PixelRange | undefined;
  /** Where it computes. Default `auto`. */
  readonly device?: Device | DeviceChoice | undefined;
}

/** Figures that compare two sets by their features. */
export interface SetFigures {
  /** 0 for sets of one distribution and infinitely many samples. */
  readonly frechetDistance: FrechetDistance;
  /** Around 0 for sets of one distribution. */
  readonly kernelDistance: KernelDistance;
  /** Where the network tells classes. */
  readonly classifierScore: Estimate | null;
}

/** A sample, and what is nearest to it of the training images: row numbers. */
export interface NearestOfSample {
  /** Which sample. */
  readonly sample: number;
  /** The training image with the least distance in pixels. */
  readonly inPixels: number;
  /** The training image with the least distance in features. */
  readonly inFeatures: number;
}

/** Plain data: it can be written as JSON. */
export interface Evaluation {
  /** Of the package. */
  readonly packageVersion: string;
  /** In words: what the figures are of, and with which others they may be compared. */
  readonly note: string;
  /** What made the features. */
  readonly network: FeatureNetworkIdentity;
  /** How many images were measured. */
  readonly samples: number;
  /** How many images they were measured against. */
  readonly reference: number;
  /** How many training images were looked through. */
  readonly training: number;
  /** Of the samples, the intervals and the subsets. */
  readonly seed: number;
  /** Of the samples. */
  readonly figures: SetFigures &
    PrecisionRecallFigures &
    DensityCoverageFigures & {
      /** Beside that of the data. */
      readonly sharpness: Sharpness;
    };
  /** Of as many training images as there are samples, if so many were given: what no generator need surpass. */
  readonly realImages: SetFigures | null;
  /** Where the network tells classes, and there are enough of each. */
  readonly classes: PlainHistogram | null;
  /**
   * Mean distance to the nearest training image, in pixels of 0 to 1, of up to 500 samples and of as many reference images. Where
   * that of samples is much less, they were learnt by heart.
   */
  readonly distanceToTraining: {
    /** Of the samples. */
    readonly samples: Estimate;
    /** Of images that were not trained on. */
    readonly reference: Estimate;
  } | null;
  /** Of some samples. */
  readonly nearest: readonly NearestOfSample[];
}

type PrecisionRecallFigures = Omit<PrecisionRecall, 'neighbours'>;
type DensityCoverageFigures = Omit<DensityCoverage, 'neighbours'>;

/** As `ClassHistogram`, with lists. */
export interface PlainHistogram extends Omit<ClassHistogram, 'counts' | 'reference'> {
  /** Samples of each class. */
  readonly samples: readonly number[];
  /** Images of the data of each class. */
  readonly reference: readonly number[];
}

const optionNames: OptionNames<EvaluateOptions> = {
  reference: true,
  training: true,
  network: true,
  count: true,
  range: true,
  device: true,
  ...intervalOptionNames,
};

/** Samples that the nearest training images are found and drawn of. */
const shownSamples = 10;
/** Samples whose distance to the training images is measured. */
const measuredSamples = 500;
const mostSubsetSize = 1000;

/**
 * Measures images [n, height, width, channels], or what a GAN, a VAE or another source makes, beside data: Fréchet and kernel distance, classifier score, precision, recall,
 * density, coverage, classes, sharpness, and the nearest training images. Images are measured as the bytes that pictures of
 * them hold. 10000 samples take one to two minutes on two cores.
 *
 * Figures depend on the feature network and on the number of samples, which the result has beside them: compare only figures
 * of the same.
 *
 * @example
 * const reference = await datasets.mnist({ split: 'test' });
 * const evaluation = await metrics.evaluate(gan, { reference });
 *
 * @throws CudaGanError `CUDA_GAN_SHAPE` for images that do not fit each other or the network; `CUDA_GAN_DATA` for too few of
 * them for a figure, or numbers that are not finite; `CUDA_GAN_VALUE` for a wrong option; as `digitFeatures`.
 */
export async function evaluate(samples: Tensor | ImageSource, options: EvaluateOptions): Promise<Evaluation> {
  const given = checkOptions('metrics.evaluate', options, optionNames);
  const { count, network: own, device: choice, training, ...others } = given;
  const { images: reference, labels } = isLabelled(given.reference)
    ? given.reference
    : { images: given.reference, labels: undefined };
  const { range = rangeOf(samples), reference: _, ...interval } = others;
  planInterval(interval);
  if (count !== undefined && !isImageSource(samples))
    throw new CudaGanError('CUDA_GAN_VALUE', 'count is given, but nothing that samples are drawn of');
  requirePixelRange('range', range);
  const drawn = isImageSource(samples) ? await drawSamples(samples, { count, seed: interval.seed, labels }) : samples;
  const images = {
    samples: asBytes('samples', drawn, range),
    reference: asBytes('reference', reference, range),
    training: training === undefined ? undefined : asBytes('training', training, range),
  };
  requireAlike(images.samples, images.reference, 'reference');
  if (images.training !== undefined) requireAlike(images.samples, images.training, 'training');
  const device = resolveDevice(choice);
  if (own !== undefined)
    instanceOf('network', own, FeatureNetwork, 'feature networks: new FeatureNetwork(model, options)');
  const network = own ?? (await digitFeatures({ device }));
  try {
    return await evaluated(images, { network, device, interval });
  } finally {
    if (own === undefined) network.dispose();
  }
}

/** What float32 images come in, where nobody says it. */
function rangeOf(samples: Tensor | ImageSource): PixelRange {
  return (isImageSource(samples) ? samples.pixelRange : undefined) ?? [-1, 1];
}

function isLabelled(
  reference: EvaluateOptions['reference'],
): reference is Exclude<EvaluateOptions['reference'], Tensor> {
  return kindOf(reference) === 'Object' && 'images' in reference;
}

interface Images {
  readonly samples: Tensor<OwnUint8Array>;
  readonly reference: Tensor<OwnUint8Array>;
  readonly training: Tensor<OwnUint8Array> | undefined;
}

interface Instruments {
  readonly network: FeatureNetwork;
  readonly device: Device;
  readonly interval: IntervalOptions;
}

async function evaluated(images: Images, { network, device, interval }: Instruments): Promise<Evaluation> {
  const [samples, reference] = [await network.measure(images.samples), await network.measure(images.reference)];
  const set = await setFigures(samples, reference, interval);
  const { precision, recall } = await precisionRecall(samples.features, reference.features, { device, ...interval });
  const { density, coverage } = await densityCoverage(samples.features, reference.features, { device, ...interval });
  const figures = {
    ...set,
    precision,
    recall,
    density,
    coverage,
    sharpness: await sharpness(images.samples, images.reference, interval),
  };
  const training = images.training === undefined ? reference : await network.measure(images.training);
  const trainingImages = images.training ?? images.reference;
  const [count, trained] = [images.samples.shape[0]!, trainingImages.shape[0]!];
  const counts = { samples: count, reference: images.reference.shape[0]! };
  return {
    packageVersion: packageVersion(),
    note: noteOn(network.identity, counts),
    network: network.identity,
    ...counts,
    training: trained,
    seed: interval.seed ?? 0,
    figures,
    realImages:
      images.training !== undefined && trained >= count
        ? await setFigures(someOf(training, count, interval), reference, interval)
        : null,
    classes: await histogramOf(samples, reference),
    distanceToTraining: images.training === undefined ? null : await distancesToTraining(images, device, interval),
    nearest: await nearestOfSamples(images.samples, trainingImages, { samples, training }, device),
  };
}

async function setFigures(
  samples: ImageFeatures,
  reference: ImageFeatures,
  interval: IntervalOptions,
): Promise<SetFigures> {
  const { resamples: _, ...common } = interval;
  const least = Math.min(samples.features.shape[0]!, reference.features.shape[0]!);
  const subsetSize = Math.max(2, Math.min(mostSubsetSize, Math.floor(least / 2)));
  return {
    frechetDistance: await frechetDistance(samples.features, reference.features, {
      ...interval,
      extrapolate: samples.features.shape[0]! >= 10 * (samples.features.shape[1]! + 1),
    }),
    kernelDistance: await kernelDistance(samples.features, reference.features, { ...common, subsetSize }),
    classifierScore:
      samples.probabilities === undefined ? null : await classifierScore(samples.probabilities, interval),
  };
}

/**
 * Classes as the network tells them, of both sets: what it mistakes, it mistakes in both. Where there are too few of a class for χ²,
 * the other figures stand without it.
 */
async function histogramOf(samples: ImageFeatures, reference: ImageFeatures): Promise<PlainHistogram | null> {
  if (samples.probabilities === undefined || reference.probabilities === undefined) return null;
  const [ofSamples, ofReference] = [classesOf(samples.probabilities), classesOf(reference.probabilities)];
  try {
    const { counts, ...histogram } = await classHistogram(ofSamples, ofReference, {
      classes: samples.probabilities.shape[1]!,
    });
    return { ...histogram, samples: [...counts], reference: [...histogram.reference] };
  } catch (error) {
    if (error instanceof CudaGanError && error.code === 'CUDA_GAN_DATA') return null;
    throw error;
  }
}

async function distancesToTraining(
  { samples, reference, training }: Images,
  device: Device,
  interval: IntervalOptions,
): Promise<Evaluation['distanceToTraining']> {
  const meanDistance = async (images: Tensor<OwnUint8Array>) => {
    const some = rowsOf(images, 0, Math.min(measuredSamples, images.shape[0]!));
    const { distances } = await nearestNeighbours(some, training!, { device });
    return bootstrapMean(
      distances.data.map((distance) => distance / 255),
      planInterval(interval),
    );
  };
  return { samples: await meanDistance(samples), reference: await meanDistance(reference) };
}

async function nearestOfSamples(
  samples: Tensor,
  training: Tensor,
  features: { readonly samples: ImageFeatures; readonly training: ImageFeatures },
  device: Device,
): Promise<NearestOfSample[]> {
  const count = Math.min(shownSamples, samples.shape[0]!);
  const nearest = async (rows: Tensor, others: Tensor) =>
    (await nearestNeighbours(rowsOf(rows, 0, count), others, { device })).indices.data;
  const inPixels = await nearest(samples, training);
  const inFeatures = await nearest(features.samples.features, features.training.features);
  return Array.from({ length: count }, (_, sample) => ({
    sample,
    inPixels: inPixels[sample]!,
    inFeatures: inFeatures[sample]!,
  }));
}

/** As many of the rows as there are samples, drawn at random: data may be sorted by classes. */
function someOf(
  { features, probabilities }: ImageFeatures,
  count: number,
  { seed = 0 }: IntervalOptions,
): ImageFeatures {
  const rows = drawRows(features.shape[0]!, count, new RandomStream(seed, firstStream.evaluation));
  return { features: rowsAt(features, rows), probabilities: probabilities && rowsAt(probabilities, rows) };
}

function requireAlike(samples: Tensor, others: Tensor, name: string): void {
  const [shape, other] = [samples.shape.slice(1), others.shape.slice(1)];
  if (sameShape(shape, other)) return;
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `samples are images of ${formatShape(shape)}, ${name} of ${formatShape(other)}: they must be alike`,
  );
}

/** What must stand beside every figure. */
function noteOn(
  { name, version, testAccuracy }: FeatureNetworkIdentity,
  { samples, reference }: { readonly samples: number; readonly reference: number },
): string {
  const accuracy =
    testAccuracy === undefined ? '' : ` (${(100 * testAccuracy).toFixed(2)} % of held-out images in the right class)`;
  return (
    `Of ${samples} samples and ${reference} images of data, by the feature network ${name} ${version}${accuracy}. Figures of another ` +
    'network, version or number of images are not comparable with these, and none is the FID of articles.'
  );
}
