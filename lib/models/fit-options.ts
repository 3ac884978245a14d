// What `compile`, `fit` and `evaluate` take, checked, and what they answer.
import { abortSignal, nonEmptyText, notAllowed, numberIn, trueOrFalse, wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import type { LossLike } from '../losses/index.js';
import type { MetricLike } from '../metrics/index.js';
import type { OptimizerLike } from '../optimizers/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import { type Callbacks, requireCallbacks } from '../training/callbacks.js';
import type { Tensors } from './data.js';
import type { Structure } from './structure.js';
import { type ClassWeights, classWeightOption, type WeightedData } from './weighting.js';

/** What `Model.compile` takes. */
export interface CompileOptions {
  /** An optimizer, the name of one with Keras' defaults, or plain data (`{ name: 'adam', learningRate: 0.01 }`). */
  readonly optimizer: OptimizerLike;
  /**
   * The name of a loss, plain data (`{ name: 'huber', delta: 2 }`), or a function of targets and predictions. With several
   * outputs one for all, an array in their order, or a record by their names.
   */
  readonly loss: Structure<LossLike>;
  /** How much the loss of each output counts, in their order or by their names. Default 1. */
  readonly lossWeights?: readonly number[] | Readonly<Record<string, number>> | undefined;
  /**
   * Names, and functions of targets and predictions, for every output; with several outputs also an array of arrays in their
   * order, or a record. Default: none.
   */
  readonly metrics?:
    | readonly MetricLike[]
    | readonly (readonly MetricLike[])[]
    | Readonly<Record<string, MetricLike | readonly MetricLike[]>>
    | undefined;
}

/** What `Model.predict` takes beside samples. */
export interface PredictOptions {
  /** Default 32. */
  readonly batchSize?: number | undefined;
}

/** What `Model.testOnBatch` takes beside samples and targets. */
export interface TestOnBatchOptions {
  /**
   * How much each sample counts in the loss, [n], from 0 on; metrics count all alike. Of several outputs one for all, an array
   * in their order, or a record by their names. The loss is the mean of what the samples have, each times its weight. Default: 1.
   */
  readonly sampleWeight?: Tensors | undefined;
}

/** What `Model.trainOnBatch` takes beside samples and targets. */
export interface TrainOnBatchOptions extends TestOnBatchOptions {
  /**
   * How much the samples of a class count in the loss, by class number: `{ 0: 1, 1: 5 }`. Of a model with one output, which
   * tells a class for each sample, and in place of `sampleWeight`. Default: 1, also of classes that the object leaves out.
   */
  readonly classWeight?: ClassWeights | undefined;
}

/** What `Model.evaluate` takes beside samples and targets. */
export interface EvaluateOptions extends PredictOptions, TestOnBatchOptions {}

/** `classWeight` counts in training, not in validation, as in Keras. */
export interface FitOptions extends EvaluateOptions, TrainOnBatchOptions {
  /** Passes over the data, those before `initialEpoch` included. Default 1. */
  readonly epochs?: number | undefined;
  /** Number of the first epoch, to go on with an earlier training. Default 0. */
  readonly initialEpoch?: number | undefined;
  /** Share of the samples, taken from the end, to evaluate on after every epoch instead of training. Default 0. */
  readonly validationSplit?: number | undefined;
  /** Data to evaluate on after every epoch, with weights of its samples if wanted, instead of `validationSplit`. */
  readonly validationData?: ValidationData | undefined;
  /** Whether every epoch has an order of its own. Default true. */
  readonly shuffle?: boolean | undefined;
  /** What looks on, and may end it: those of `callbacks`, and objects with their methods. */
  readonly callbacks?: Callbacks | readonly Callbacks[] | undefined;
  /**
   * 1 prints a line per epoch; on a terminal, one of the epoch under way too, with its batches per second and the time
   * that is left. 2 prints only the former there, too. Default 0.
   */
  readonly verbose?: 0 | 1 | 2 | undefined;
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

/** Samples, targets and, third, how much each sample counts. */
export type ValidationData =
  | readonly [x: Tensors, y: Tensors]
  | readonly [x: Tensors, y: Tensors, sampleWeight: Tensors];

/** What `Model.fit` resolves to. */
export interface History {
  /** Numbers of the completed epochs, from `initialEpoch` on. */
  readonly epoch: readonly number[];
  /**
   * Per name one figure per epoch: `loss`, `accuracy`, `valLoss`, …; of a model with several outputs the weighted sum as
   * `loss`, and `<output>Loss`, `<output>Accuracy`, `val<Output>Loss`, … NaN where a callback has added it to other epochs only.
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
  readonly classWeight: ClassWeights | undefined;
}

/** The options of `fit` with their defaults. */
export interface FitPlan extends FitSettings {
  readonly sampleWeight: Tensors | undefined;
  readonly validationData: WeightedData | undefined;
  readonly checkpointDir: string | undefined;
  readonly resume: string | undefined;
  readonly callbacks: readonly Callbacks[];
  readonly verbose: 0 | 1 | 2;
  readonly signal: AbortSignal | undefined;
}

/** @internal */
export const fitOptionNames: OptionNames<FitOptions> = {
  epochs: true,
  initialEpoch: true,
  batchSize: true,
  sampleWeight: true,
  classWeight: true,
  validationSplit: true,
  validationData: true,
  shuffle: true,
  callbacks: true,
  verbose: true,
  checkpointDir: true,
  checkpointInterval: true,
  resume: true,
  signal: true,
};

/**
 * Options that are not given are those of `own`, where a training is resumed.
 * @throws CudaGanError `CUDA_GAN_VALUE` for an option that does not exist, or a value that is not allowed.
 */
export function planFit(given: FitOptions | undefined, own: Partial<FitSettings> = {}): FitPlan {
  const options = checkOptions<FitOptions>('fit', given, fitOptionNames);
  const { checkpointDir, checkpointInterval = own.checkpointInterval, resume, sampleWeight } = options;
  const { classWeight = own.classWeight } = options;
  requireOneWeighting({ sampleWeight, classWeight });
  return {
    epochs: wholeNumber('epochs', options.epochs ?? own.epochs ?? 1, 1),
    initialEpoch: wholeNumber('initialEpoch', options.initialEpoch ?? own.initialEpoch ?? 0, 0),
    batchSize: wholeNumber('batchSize', options.batchSize ?? own.batchSize ?? 32, 1),
    sampleWeight,
    classWeight: classWeight === undefined ? undefined : classWeightOption(classWeight),
    validationSplit: numberIn('validationSplit', options.validationSplit ?? own.validationSplit ?? 0, 0, 1),
    validationData: options.validationData === undefined ? undefined : dataOf(options.validationData),
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
  const { epochs, initialEpoch, batchSize, validationSplit, shuffle, checkpointInterval, classWeight } = plan;
  return { epochs, initialEpoch, batchSize, validationSplit, shuffle, checkpointInterval, classWeight };
}

/** Of `predict`. @throws CudaGanError `CUDA_GAN_VALUE` for an option that does not exist, or a value that is not allowed. */
export function batchSizeOf(given: PredictOptions | undefined): number {
  return batchSizeOption(checkOptions<PredictOptions>('predict', given, { batchSize: true }));
}

/** The options of `evaluate` with their defaults. @throws as `batchSizeOf`. */
export function planEvaluation(given: EvaluateOptions | undefined) {
  const options = checkOptions<EvaluateOptions>('evaluate', given, { batchSize: true, sampleWeight: true });
  return { batchSize: batchSizeOption(options), sampleWeight: options.sampleWeight };
}

function batchSizeOption({ batchSize = 32 }: PredictOptions): number {
  return wholeNumber('batchSize', batchSize, 1);
}

/** The options of `testOnBatch`. @throws as `batchSizeOf`. */
export function testOptions(given: TestOnBatchOptions | undefined): TestOnBatchOptions {
  return checkOptions<TestOnBatchOptions>('testOnBatch', given, { sampleWeight: true });
}

/** The options of `trainOnBatch`. @throws as `batchSizeOf`. */
export function trainOptions(given: TrainOnBatchOptions | undefined): TrainOnBatchOptions {
  const options = checkOptions<TrainOnBatchOptions>('trainOnBatch', given, { sampleWeight: true, classWeight: true });
  requireOneWeighting(options);
  const { sampleWeight, classWeight } = options;
  return { sampleWeight, classWeight: classWeight === undefined ? undefined : classWeightOption(classWeight) };
}

function requireOneWeighting({ sampleWeight, classWeight }: TrainOnBatchOptions): void {
  if (sampleWeight === undefined || classWeight === undefined) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    'sampleWeight and classWeight are both given: multiply the weights of the samples by those of their classes yourself',
  );
}

function verbosity(verbose: 0 | 1 | 2): 0 | 1 | 2 {
  if ([0, 1, 2].includes(verbose)) return verbose;
  throw notAllowed('verbose', verbose, '0, 1 and 2');
}

function dataOf(data: ValidationData): WeightedData {
  if (!(Array.isArray(data) && (data.length === 2 || data.length === 3))) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      'validationData must be a pair of tensors, [x, y], or [x, y, sampleWeight]',
    );
  }
  const [x, y, sampleWeight] = data as readonly [Tensors, Tensors, Tensors?];
  return { x, y, sampleWeight };
}
