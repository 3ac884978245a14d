// What `compile`, `fit` and `evaluate` take, checked, and what they answer.
import { abortSignal, nonEmptyText, notAllowed, numberIn, trueOrFalse, wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import type { Loss, LossName } from '../losses/index.js';
import type { MetricName } from '../metrics/index.js';
import type { Optimizer, OptimizerName } from '../optimizers/index.js';
import { checkOptions } from '../options.js';
import { type Callbacks, requireCallbacks } from '../training/callbacks.js';
import type { Tensors } from './data.js';
import type { Structure } from './structure.js';

export interface CompileOptions {
  /** An optimizer, or the name of one with Keras' defaults. */
  readonly optimizer: Optimizer | OptimizerName;
  /**
   * A function of targets and predictions, or the name of one. With several outputs one for all, an array in their order, or
   * a record by their names.
   */
  readonly loss: Structure<Loss | LossName>;
  /** How much the loss of each output counts, in their order or by their names. Default 1. */
  readonly lossWeights?: readonly number[] | Readonly<Record<string, number>> | undefined;
  /** Names, for every output; with several outputs also an array of arrays in their order, or a record. Default: none. */
  readonly metrics?:
    | readonly MetricName[]
    | readonly (readonly MetricName[])[]
    | Readonly<Record<string, MetricName | readonly MetricName[]>>
    | undefined;
}

export interface EvaluateOptions {
  /** Default 32. */
  readonly batchSize?: number | undefined;
}

export interface FitOptions extends EvaluateOptions {
  /** Passes over the data, those before `initialEpoch` included. Default 1. */
  readonly epochs?: number | undefined;
  /** Number of the first epoch, to go on with an earlier training. Default 0. */
  readonly initialEpoch?: number | undefined;
  /** Share of the samples, taken from the end, to evaluate on after every epoch instead of training. Default 0. */
  readonly validationSplit?: number | undefined;
  /** Data to evaluate on after every epoch, instead of `validationSplit`. */
  readonly validationData?: readonly [x: Tensors, y: Tensors] | undefined;
  /** Whether every epoch has an order of its own. Default true. */
  readonly shuffle?: boolean | undefined;
  /** What looks on, and may end it: those of `callbacks`, and objects with their methods. */
  readonly callbacks?: Callbacks | readonly Callbacks[] | undefined;
  /**
   * 1 prints a line per epoch; on a terminal, one of the epoch under way too, with its batches per second and the time
   * that is left. Default 0.
   */
  readonly verbose?: 0 | 1 | undefined;
  /**
   * Folder for checkpoints, from which a later `fit` can go on by `resume`. It must hold none. Default: none are written.
   */
  readonly checkpointDir?: string | undefined;
  /**
   * Batches between two checkpoints. Default: one a minute, and so seldom that it costs 1 % of the time at most. There is one
   * at the beginning and at the end, too.
   */
  readonly checkpointInterval?: number | undefined;
  /**
   * Folder with the checkpoints of an earlier `fit`. Goes on from the newest, to the weights, optimizer state and history of
   * that training as it would have been without a break, bit for bit on the same device; further checkpoints go there, too.
   * Model, optimizer, data and the options above must be as they were; options that are not given are, `epochs` may be more, and
   * `checkpointInterval` another. Learning rates that callbacks have set go on. Callbacks that have a state must be the same. With `checkpointDir` besides, it is no error when there is none yet:
   * then the training begins, and the same program serves the first run and those after it.
   */
  readonly resume?: string | undefined;
  /** Ends after the batch under way; `fit` then resolves with the epochs that were completed. */
  readonly signal?: AbortSignal | undefined;
}

export interface History {
  /** Numbers of the completed epochs, from `initialEpoch` on. */
  readonly epoch: readonly number[];
  /**
   * Per name one figure per epoch: `loss`, `accuracy`, `valLoss`, …; of a model with several outputs the weighted sum as
   * `loss`, and `<output>Loss`, `<output>Accuracy`, `val<Output>Loss`, …
   */
  readonly history: Readonly<Record<string, readonly number[]>>;
}

/** What a training that is resumed has from the one before. */
export interface FitSettings {
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly batchSize: number;
  readonly validationSplit: number;
  readonly shuffle: boolean;
  readonly checkpointInterval: number | undefined;
}

/** The options of `fit` with their defaults. */
export interface FitPlan extends FitSettings {
  readonly validationData: readonly [x: Tensors, y: Tensors] | undefined;
  readonly checkpointDir: string | undefined;
  readonly resume: string | undefined;
  readonly callbacks: readonly Callbacks[];
  readonly verbose: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Options that are not given are those of `own`, where a training is resumed.
 * @throws CudaGanError `CUDA_GAN_VALUE` for an option that does not exist, or a value that is not allowed.
 */
export function planFit(given: FitOptions | undefined, own: Partial<FitSettings> = {}): FitPlan {
  const options = checkOptions<FitOptions>('fit', given, {
    epochs: true,
    initialEpoch: true,
    batchSize: true,
    validationSplit: true,
    validationData: true,
    shuffle: true,
    callbacks: true,
    verbose: true,
    checkpointDir: true,
    checkpointInterval: true,
    resume: true,
    signal: true,
  });
  const { checkpointDir, checkpointInterval = own.checkpointInterval, resume } = options;
  return {
    epochs: wholeNumber('epochs', options.epochs ?? own.epochs ?? 1, 1),
    initialEpoch: wholeNumber('initialEpoch', options.initialEpoch ?? own.initialEpoch ?? 0, 0),
    batchSize: wholeNumber('batchSize', options.batchSize ?? own.batchSize ?? 32, 1),
    validationSplit: numberIn('validationSplit', options.validationSplit ?? own.validationSplit ?? 0, 0, 1),
    validationData: options.validationData === undefined ? undefined : pairOfTensors(options.validationData),
    shuffle: trueOrFalse('shuffle', options.shuffle ?? own.shuffle ?? true),
    checkpointDir: checkpointDir === undefined ? undefined : nonEmptyText('checkpointDir', checkpointDir),
    checkpointInterval:
      checkpointInterval === undefined ? undefined : wholeNumber('checkpointInterval', checkpointInterval, 1),
    resume: resume === undefined ? undefined : nonEmptyText('resume', resume),
    callbacks: requireCallbacks(options.callbacks),
    verbose: verbosity(options.verbose ?? 0),
    signal: options.signal === undefined ? undefined : abortSignal('signal', options.signal),
  };
}

export function fitSettings(plan: FitPlan): FitSettings {
  const { epochs, initialEpoch, batchSize, validationSplit, shuffle, checkpointInterval } = plan;
  return { epochs, initialEpoch, batchSize, validationSplit, shuffle, checkpointInterval };
}

/** @throws CudaGanError `CUDA_GAN_VALUE` for an option that does not exist, or a value that is not allowed. */
export function batchSizeOf(call: 'evaluate' | 'predict', given: EvaluateOptions | undefined): number {
  const { batchSize = 32 } = checkOptions<EvaluateOptions>(call, given, { batchSize: true });
  return wholeNumber('batchSize', batchSize, 1);
}

function verbosity(verbose: 0 | 1): boolean {
  if (verbose !== 0 && verbose !== 1) throw notAllowed('verbose', verbose, '0 and 1');
  return verbose === 1;
}

function pairOfTensors(data: readonly [Tensors, Tensors]): readonly [Tensors, Tensors] {
  if (Array.isArray(data) && data.length === 2) return data;
  throw new CudaGanError('CUDA_GAN_VALUE', 'validationData must be a pair of tensors, [x, y]');
}
