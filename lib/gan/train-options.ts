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
import type { Composition } from './composition.js';
import type { StepFigures } from './history.js';
import { maxRows } from './sampling.js';

export interface TrainProgress extends StepFigures {
  /** Steps of the whole run; Infinity for a run without an end of its own. */
  readonly steps: number;
  readonly stepsPerSecond: number;
  /** Infinity where `steps` is. */
  readonly secondsLeft: number;
}

export interface TrainOptions {
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
  /** Steps of the discriminator alone before the generator starts. Default 0. */
  readonly pretrainSteps?: number | undefined;
  /** Ends the run after the step under way; `train` then saves and resolves as usual. */
  readonly signal?: AbortSignal | undefined;
  /** Called about ten times a second, with the latest step. Training waits for a promise that it returns. */
  readonly onProgress?: ((progress: TrainProgress) => unknown) | undefined;
  /**
   * Called with every grid's step, figures and 25 sample images [25, ...imageShape]. Training waits for a promise that it
   * returns.
   */
  readonly onSample?: ((figures: StepFigures, images: Tensor<OwnFloat32Array>) => unknown) | undefined;
}

const names: OptionNames<TrainOptions> = {
  steps: true,
  epochs: true,
  batchSize: true,
  sampleInterval: true,
  outDir: true,
  overwrite: true,
  pretrainSteps: true,
  signal: true,
  onProgress: true,
  onSample: true,
};

/** The options with their defaults, as they were when `train` was called. @internal */
export interface TrainPlan {
  readonly steps: number;
  readonly batchSize: number;
  readonly sampleInterval: number;
  readonly pretrainSteps: number;
  readonly outDir: string | undefined;
  readonly overwrite: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: TrainOptions['onProgress'];
  readonly onSample: TrainOptions['onSample'];
}

/** Fills in the defaults. @internal @throws CudaGanError `CUDA_GAN_VALUE` for what is not allowed. */
export function planTraining(given: TrainOptions | undefined, updates: Composition['updates']): TrainPlan {
  const options = checkOptions('gan.train', given, names);
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
    outDir: outDir === undefined ? undefined : nonEmptyText('outDir', outDir),
    overwrite: trueOrFalse('overwrite', options.overwrite ?? false),
    signal: signal === undefined ? undefined : abortSignal('signal', signal),
    onProgress: optionalFunction('onProgress', options.onProgress),
    onSample: optionalFunction('onSample', options.onSample),
  };
  if (updates === 'halves' && plan.batchSize % 2 !== 0) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `batchSize is ${plan.batchSize}; it must be even, because half of each batch is real and half is generated`,
    );
  }
  return plan;
}
