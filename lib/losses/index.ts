// Losses: functions of targets and predictions, and how to find one by name.
import { kindOf, named } from '../checks.js';
import { binaryCrossentropy, unreducedBinaryCrossentropy } from './binary-crossentropy.js';
import {
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  unreducedCategoricalCrossentropy,
  unreducedSparseCategoricalCrossentropy,
} from './categorical-crossentropy.js';
import { cosineSimilarity, unreducedCosineSimilarity } from './cosine-similarity.js';
import { hinge, unreducedHinge } from './hinge.js';
import { huber, unreducedHuber } from './huber.js';
import { klDivergence, unreducedKlDivergence } from './kl-divergence.js';
import { logCosh, unreducedLogCosh } from './log-cosh.js';
import type { Loss } from './loss.js';
import { meanAbsoluteError, unreducedAbsoluteError } from './mean-absolute-error.js';
import { meanSquaredError, unreducedSquaredError } from './mean-squared-error.js';
import { poisson, unreducedPoisson } from './poisson.js';

export type { CrossentropyOptions } from './binary-crossentropy.js';
export type { HuberOptions } from './huber.js';
export type { Loss } from './loss.js';
export {
  binaryCrossentropy,
  categoricalCrossentropy,
  cosineSimilarity,
  hinge,
  huber,
  klDivergence,
  logCosh,
  meanAbsoluteError,
  meanSquaredError,
  poisson,
  sparseCategoricalCrossentropy,
};

/** By name: the mean over a batch, and what is averaged, made of options. */
const losses = {
  binaryCrossentropy: [binaryCrossentropy, unreducedBinaryCrossentropy],
  categoricalCrossentropy: [categoricalCrossentropy, unreducedCategoricalCrossentropy],
  cosineSimilarity: [cosineSimilarity, unreducedCosineSimilarity],
  hinge: [hinge, unreducedHinge],
  huber: [huber, unreducedHuber],
  klDivergence: [klDivergence, unreducedKlDivergence],
  logCosh: [logCosh, unreducedLogCosh],
  meanAbsoluteError: [meanAbsoluteError, unreducedAbsoluteError],
  meanSquaredError: [meanSquaredError, unreducedSquaredError],
  poisson: [poisson, unreducedPoisson],
  sparseCategoricalCrossentropy: [sparseCategoricalCrossentropy, unreducedSparseCategoricalCrossentropy],
} satisfies Readonly<Record<string, readonly [mean: Loss, unreduced: (options?: object) => Loss]>>;

/** Losses that `compile` knows by name. @useDeclaredType */
export type LossName = keyof typeof losses;

/** A loss as plain data: its name beside its options. */
export type PlainLoss = {
  /** Which loss. */
  readonly name: LossName;
  readonly [option: string]: unknown;
};

/** By name with Keras' defaults, as plain data, or a function. */
export type LossLike = Loss | LossName | PlainLoss;

/** What a model is trained for. @internal */
export interface TrainedLoss {
  /** That of a function of one's own, if it has none, is empty. */
  readonly name: string;
  /** Of the samples of a batch where that is known, else of the batch. */
  readonly lossOf: Loss;
  /** Whether targets are class numbers. */
  readonly sparse: boolean;
  /** Whether targets are probabilities: beyond 0 to 1 the loss has no least value. */
  readonly probabilities: boolean;
}

const ofProbabilities: readonly string[] = ['binaryCrossentropy', 'categoricalCrossentropy'];

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name or option. */
export function toLoss(wanted: LossLike): TrainedLoss {
  if (typeof wanted === 'function') {
    const known = nameOf(wanted);
    if (known !== undefined) return toLoss(known);
    return { name: wanted.name, lossOf: wanted, sparse: false, probabilities: false };
  }
  const { name, ...options } = kindOf(wanted) === 'Object' ? (wanted as PlainLoss) : { name: wanted as LossName };
  const [, unreduced] = named<readonly [Loss, (options?: object) => Loss]>('loss', losses, name);
  const kind = { sparse: name === 'sparseCategoricalCrossentropy', probabilities: ofProbabilities.includes(name) };
  return { name, lossOf: unreduced(options), ...kind };
}

function nameOf(loss: Loss): LossName | undefined {
  return Object.entries(losses).find(([, [mean]]) => mean === loss)?.[0] as LossName | undefined;
}
