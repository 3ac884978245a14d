// How the two networks are trained against each other, put together from its parts.
import { inWords, nonNegativeNumber, notAllowed, oneOf, wholeNumberIn } from '../checks.js';
import { CudaGanError } from '../errors.js';
import type { Augmentation } from './augmentations/augmentation.js';
import { type AugmentationLike, toAugmentation } from './augmentations/index.js';
import { type EmaOptions, type EmaPlan, planEma } from './ema.js';
import { reservedFigures } from './history.js';
import { type ObjectiveLike, toObjective } from './objectives/index.js';
import { isPaired, type Objective } from './objectives/objective.js';
import { type RegularizerLike, toRegularizer } from './regularizers/index.js';
import type { Regularizer } from './regularizers/regularizer.js';
import type { Spec } from './spec.js';

/** What a GAN is composed of, beside its networks and optimizers. What is not given is the preset's. */
export interface CompositionOptions {
  /** What the networks are trained for. Default `nonSaturating`, the article's. */
  readonly objective?: ObjectiveLike | undefined;
  /** What holds the discriminator back. Default: nothing. */
  readonly regularizers?: readonly RegularizerLike[] | undefined;
  /** What happens to images before the discriminator sees them, one after the other. Default: nothing. */
  readonly augment?: AugmentationLike | readonly AugmentationLike[] | undefined;
  /**
   * How the discriminator moves in a step. `halves`, the article's way: once for `batchSize / 2` real images, once for as many
   * generated ones, which are made in inference mode. `joint`: once for `batchSize` real and `batchSize` generated images,
   * which are made with the statistics of their batch. Default: `halves`, unless the objective or a regularizer needs both at
   * once.
   */
  readonly updates?: 'halves' | 'joint' | undefined;
  /** How often the discriminator moves before the generator does, each time for other images, 1 to 100. Default 1. */
  readonly discriminatorSteps?: number | undefined;
  /**
   * A second generator whose weights are the exponential moving average of the first one's: `generate` and samples then use
   * it. `true` takes the defaults. Default: none.
   */
  readonly ema?: boolean | EmaOptions | undefined;
  /** How much telling the class counts, for both networks, where the discriminator has it for a second output. Default 1. */
  readonly classWeight?: number | undefined;
}

/** The parts, checked. */
export interface Composition {
  readonly objective: Objective;
  readonly regularizers: readonly Regularizer[];
  readonly augmentations: readonly Augmentation[];
  readonly updates: 'halves' | 'joint';
  readonly discriminatorSteps: number;
  readonly ema: EmaPlan | undefined;
  readonly classWeight: number;
}

/**
 * The parts of a training.
 * @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name or option, and for parts that exclude each other.
 */
export function compose(options: CompositionOptions): Composition {
  const { objective = 'nonSaturating', regularizers = [], augment = [], updates, discriminatorSteps = 1 } = options;
  const composition = {
    objective: toObjective(objective),
    regularizers: listOf('regularizers', regularizers).map(toRegularizer),
    augmentations: listOf('augment', Array.isArray(augment) ? augment : [augment as AugmentationLike]).map(
      toAugmentation,
    ),
    discriminatorSteps: wholeNumberIn('discriminatorSteps', discriminatorSteps, 1, mostDiscriminatorSteps),
    ema: planEma(options.ema),
    classWeight: nonNegativeNumber('classWeight', options.classWeight ?? 1),
  };
  requireDistinct('regularizers', composition.regularizers);
  composition.regularizers.forEach(requireFreeName);
  requireDistinct('augment', composition.augmentations);
  requireNoContradiction(composition.regularizers);
  const reason = reasonForJoint(composition);
  if (updates !== undefined) oneOf('updates', ['halves', 'joint'], updates);
  if (updates === 'halves' && reason !== undefined) {
    throw new CudaGanError('CUDA_GAN_VALUE', `updates is "halves", but ${reason}: it must be "joint"`);
  }
  return { ...composition, updates: updates ?? (reason === undefined ? 'halves' : 'joint') };
}

/** Why real and generated images must meet in one update of the discriminator; undefined where they need not. */
function reasonForJoint({
  objective,
  regularizers,
}: Pick<Composition, 'objective' | 'regularizers'>): string | undefined {
  if (isPaired(objective)) return `the objective ${objective.name} compares real with generated images`;
  const pairing = regularizers.find(({ penalty, needs = 'both' }) => penalty !== undefined && needs === 'both');
  return pairing && `the regularizer ${pairing.name} needs real and generated images at once`;
}

function requireNoContradiction(regularizers: readonly Regularizer[]): void {
  const [clipping, penalty] = ['weightClipping', 'gradientPenalty'].map((wanted) =>
    regularizers.find(({ name }) => name === wanted),
  );
  if (clipping === undefined || penalty === undefined) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `the regularizers ${clipping.name} and ${penalty.name} exclude each other: weights that are clipped cannot reach the slope that the penalty wants; leave one out`,
  );
}

/** A regularizer is a figure of its name, beside the others of a step. */
function requireFreeName({ name }: Regularizer): void {
  if (!reservedFigures.has(name) && !(name in Object.prototype)) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `a regularizer is called ${inWords(name)}, as another figure of a step; give it another name`,
  );
}

function requireDistinct(option: string, parts: readonly Spec[]): void {
  const names = parts.map(({ name }) => name);
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) throw new CudaGanError('CUDA_GAN_VALUE', `${option} has ${repeated} twice; give it once`);
}

/** A step is recorded update by update: with more of them it would take long to compile. */
const mostDiscriminatorSteps = 100;

/** More parts than anybody has use for, and an end for an array of holes. */
const mostParts = 100;

/** The items, those of holes too, which are undefined. */
function listOf<Item>(option: string, list: readonly Item[]): readonly Item[] {
  if (Array.isArray(list) && list.length <= mostParts) return Array.from(list);
  throw notAllowed(option, list, `arrays of at most ${mostParts} parts`);
}
