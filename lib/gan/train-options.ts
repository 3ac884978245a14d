// The options of GAN.train, checked.
import { wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import type { OwnFloat32Array, Tensor } from '../tensor.js';
import type { StepFigures } from './history.js';

export interface TrainProgress extends StepFigures {
  /** Steps of the whole run. */
  readonly steps: number;
  readonly stepsPerSecond: number;
  readonly secondsLeft: number;
}

export interface TrainOptions {
  /** Updates of both players. Default 30000. */
  readonly steps?: number | undefined;
  /** The article's name for `steps`. */
  readonly epochs?: number | undefined;
  /** Even. Default 32. */
  readonly batchSize?: number | undefined;
  /** Steps between two grids of samples, the first after step 0. Default 200. */
  readonly sampleInterval?: number | undefined;
  /** Folder for pictures, history and models. Default: nothing is written. */
  readonly outDir?: string | undefined;
  /** Steps of the discriminator alone before the generator starts. Default 0. */
  readonly pretrainSteps?: number | undefined;
  /** Ends the run after the step under way; `train` then saves and resolves as usual. */
  readonly signal?: AbortSignal | undefined;
  /** Called about ten times a second, with the latest step. */
  readonly onProgress?: ((progress: TrainProgress) => void) | undefined;
  /** Called with every grid's step, figures and 25 sample images [25, height, width, channels]. */
  readonly onSample?: ((figures: StepFigures, images: Tensor<OwnFloat32Array>) => void) | undefined;
}

/** @internal */
export interface TrainPlan {
  readonly steps: number;
  readonly batchSize: number;
  readonly sampleInterval: number;
  readonly pretrainSteps: number;
}

/** Fills in the defaults. @internal @throws CudaGanError `CUDA_GAN_VALUE` for a number that is not allowed. */
export function planTraining(options: TrainOptions, rows: number): TrainPlan {
  if (options.steps !== undefined && options.epochs !== undefined && options.steps !== options.epochs) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `steps is ${options.steps} and epochs is ${options.epochs}; both mean the number of steps, give one of them`,
    );
  }
  const plan = {
    steps: wholeNumber('steps', options.steps ?? options.epochs ?? 30000, 1),
    batchSize: wholeNumber('batchSize', options.batchSize ?? 32, 2),
    sampleInterval: wholeNumber('sampleInterval', options.sampleInterval ?? 200, 1),
    pretrainSteps: wholeNumber('pretrainSteps', options.pretrainSteps ?? 0, 0),
  };
  if (plan.batchSize % 2 !== 0) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `batchSize is ${plan.batchSize}; it must be even, because half of each batch is real and half is generated`,
    );
  }
  if (plan.batchSize > rows) {
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      `batchSize is ${plan.batchSize}, but the data has only ${rows} ${rows === 1 ? 'image' : 'images'}`,
    );
  }
  return plan;
}
