// The options of GAN.train, checked.
import {
  abortSignal,
  inWords,
  nonEmptyText,
  optionalFunction,
  trueOrFalse,
  wholeNumber,
  wholeNumberIn,
  wholeNumberOrInfinity,
} from '../checks.js';
import { CudaGanError } from '../errors.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { OwnFloat32Array, Tensor } from '../tensor.js';
import { type Callbacks, requireCallbacks } from '../training/callbacks.js';
import type { Training } from '../training/training.js';
import type { Imbalance } from './balance.js';
import type { Composition } from './composition.js';
import { type MetricsOptions, type MetricsPlan, planMetrics } from './generator-metrics.js';
import type { StepFigures } from './history.js';
import { maxRows } from './sampling.js';
import type { TrainingImages } from './training-data.js';

/** How far a run is, with the figures of its latest step. */
export interface TrainProgress extends StepFigures {
  /** Steps of the whole run; Infinity for a run without an end of its own. */
  readonly steps: number;
  /** Of the latest steps. */
  readonly stepsPerSecond: number;
  /** Infinity where `steps` is. */
  readonly secondsLeft: number;
}

/** What looks on while a GAN trains. An epoch of its callbacks is the steps after one sample up to the next. */
export interface GanCallbacks extends Callbacks {
  onProgress?(progress: TrainProgress, training: Training): unknown;
  /** Called with every grid's step, figures and sample images: 25, or ten of each class [n, ...imageShape], before the end of the epoch. */
  onSample?(figures: StepFigures, images: Tensor<OwnFloat32Array>, training: Training): unknown;
  /** Called when the training goes wrong in one of the ways that `Imbalance` names, once for each. */
  onBalance?(imbalance: Imbalance, training: Training): unknown;
}

/** What `GAN.train` takes beside images. */
export interface TrainOptions extends MetricsOptions {
  /** Updates of both players. Infinity trains until `signal` says stop. Default 30000. */
  readonly steps?: number | undefined;
  /** The article's name for `steps`. */
  readonly epochs?: number | undefined;
  /** Even where `updates` is `halves`; may exceed the number of images, which are drawn with replacement. Default 32. */
  readonly batchSize?: number | undefined;
  /** Steps between two samples, the first after step 0: a grid of images, and the weights so far. Default 200. */
  readonly sampleInterval?: number | undefined;
  /** Folder for pictures, history and models. Default: nothing is written. */
  readonly outDir?: string | undefined;
  /** Whether `outDir` may hold the files of a run, this GAN's own included; they are replaced one by one. Default false. */
  readonly overwrite?: boolean | undefined;
  /**
   * Steps, those of pretraining included, between two checkpoints in `outDir`, which `GAN.resume` goes on from. Default: one a
   * minute, and so seldom that it costs 1 % of the time at most. There is one at the beginning and at the end, too.
   */
  readonly checkpointInterval?: number | undefined;
  /** Steps of the discriminator alone before the generator starts. Default 0. */
  readonly pretrainSteps?: number | undefined;
  /**
   * Images as those to train on, with labels where the networks know classes, on which is measured whether the discriminator
   * learns its images by heart: the figure `dHeldOut`. Nothing trains on them. Default: none, and that is not measured.
   */
  readonly heldOut?: TrainingImages | undefined;
  /** Ends the run after the step under way; `train` then saves and resolves as usual. */
  readonly signal?: AbortSignal | undefined;
  /** Called about ten times a second, with the latest step. Training waits for a promise that it returns. */
  readonly onProgress?: ((progress: TrainProgress) => unknown) | undefined;
  /**
   * Called with every grid's step, figures and sample images: 25, or ten of each class [n, ...imageShape]. Training waits for a promise that it
   * returns.
   */
  readonly onSample?: ((figures: StepFigures, images: Tensor<OwnFloat32Array>) => unknown) | undefined;
  /**
   * Called when one network overpowers the other, samples collapse, or images are learnt by heart, once for each in a run.
   * The same is a warning of the process. Training waits for a promise that it returns.
   */
  readonly onBalance?: ((imbalance: Imbalance) => unknown) | undefined;
  /**
   * What looks on, and may end the run: those of `callbacks`, and objects with their methods. What they call an epoch is
   * the steps after one sample up to the next, the first of which is step 0 alone; its figures are the means over them.
   */
  readonly callbacks?: GanCallbacks | readonly GanCallbacks[] | undefined;
}

/** @internal */
export const trainOptionNames: OptionNames<TrainOptions> = {
  steps: true,
  epochs: true,
  batchSize: true,
  sampleInterval: true,
  outDir: true,
  overwrite: true,
  checkpointInterval: true,
  pretrainSteps: true,
  heldOut: true,
  metricsInterval: true,
  metricsCount: true,
  metricsNetwork: true,
  signal: true,
  onProgress: true,
  onSample: true,
  onBalance: true,
  callbacks: true,
};

/** What a run that is resumed has from the one before. @internal */
export interface RunSettings {
  readonly steps: number;
  readonly batchSize: number;
  readonly sampleInterval: number;
  readonly pretrainSteps: number;
  readonly checkpointInterval: number | undefined;
  readonly metricsInterval: number | undefined;
  readonly metricsCount: number | undefined;
}

/** The options with their defaults, as they were when `train` was called. @internal */
export interface TrainPlan extends Omit<RunSettings, 'metricsInterval' | 'metricsCount'> {
  readonly outDir: string | undefined;
  readonly overwrite: boolean;
  /** Not checked yet. */
  readonly heldOut: TrainingImages | undefined;
  readonly metrics: MetricsPlan | undefined;
  readonly signal: AbortSignal | undefined;
  /** Those that `onProgress`, `onSample` and `onBalance` are first. */
  readonly callbacks: readonly GanCallbacks[];
}

/** Fills in the defaults. @internal @throws CudaGanError `CUDA_GAN_VALUE` for what is not allowed. */
export function planTraining(given: TrainOptions | undefined, updates: Composition['updates']): TrainPlan {
  const options = checkOptions('gan.train', given, trainOptionNames);
  const { steps, epochs, outDir, signal } = options;
  if (steps !== undefined && epochs !== undefined && steps !== epochs) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `steps is ${inWords(steps)} and epochs is ${inWords(epochs)}; both mean the number of steps, give one of them`,
    );
  }
  const plan = {
    steps: wholeNumberOrInfinity('steps', steps ?? epochs ?? 30000, 1),
    batchSize: wholeNumberIn('batchSize', options.batchSize ?? 32, 2, maxRows),
    sampleInterval: wholeNumber('sampleInterval', options.sampleInterval ?? 200, 1),
    pretrainSteps: wholeNumber('pretrainSteps', options.pretrainSteps ?? 0, 0),
    checkpointInterval:
      options.checkpointInterval === undefined
        ? undefined
        : wholeNumber('checkpointInterval', options.checkpointInterval, 1),
    outDir: outDir === undefined ? undefined : nonEmptyText('outDir', outDir),
    overwrite: trueOrFalse('overwrite', options.overwrite ?? false),
    heldOut: options.heldOut,
    metrics: planMetrics(options),
    signal: signal === undefined ? undefined : abortSignal('signal', signal),
    callbacks: [callbacksOf(options), ...requireCallbacks<GanCallbacks>(options.callbacks, ['onSample', 'onBalance'])],
  };
  if (updates === 'halves' && plan.batchSize % 2 !== 0) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `batchSize is ${plan.batchSize}; it must be even, because half of each batch is real and half is generated`,
    );
  }
  return plan;
}

/** @internal */
export function runSettings({
  steps,
  batchSize,
  sampleInterval,
  pretrainSteps,
  checkpointInterval,
  metrics,
}: TrainPlan): RunSettings {
  const measured = { metricsInterval: metrics?.interval, metricsCount: metrics?.count };
  return { steps, batchSize, sampleInterval, pretrainSteps, checkpointInterval, ...measured };
}

/** `onProgress`, `onSample` and `onBalance` as one of the callbacks. */
function callbacksOf(options: TrainOptions): GanCallbacks {
  const onProgress = optionalFunction('onProgress', options.onProgress);
  const onSample = optionalFunction('onSample', options.onSample);
  const onBalance = optionalFunction('onBalance', options.onBalance);
  return { ...(onProgress && { onProgress }), ...(onSample && { onSample }), ...(onBalance && { onBalance }) };
}
