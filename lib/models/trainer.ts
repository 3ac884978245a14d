// Training, evaluation and prediction of a Sequential.
import { numberIn, wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { type Loss, type LossName, sparseCategoricalCrossentropy, toLoss } from '../losses/index.js';
import { type MetricName, toMetric } from '../metrics/index.js';
import { type Optimizer, type OptimizerName, toOptimizer } from '../optimizers/index.js';
import { gradients } from '../program/gradients.js';
import type { Graph } from '../program/graph.js';
import type { Value } from '../program/value.js';
import { RandomStream } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import type { Tensor } from '../tensor.js';
import { Batches, type BatchResult, inOrder, type RecordStep } from './batches.js';
import { type DataSet, requireData, rowsOf } from './data.js';
import { type Logs, logsOfBatch, MeanOf } from './mean-of.js';
import type { Sequential } from './sequential.js';
import { SingleBatch } from './single-batch.js';

export interface CompileOptions {
  /** An optimizer, or the name of one with Keras' defaults. */
  readonly optimizer: Optimizer | OptimizerName;
  /** A function of targets and predictions, or the name of one. */
  readonly loss: Loss | LossName;
  /** Default: none. */
  readonly metrics?: readonly MetricName[] | undefined;
}

export interface FitCallbacks {
  onTrainBegin?(): void | Promise<void>;
  onEpochBegin?(epoch: number): void | Promise<void>;
  /** Figures of one batch, before its update. */
  onBatchEnd?(batch: number, logs: Logs): void | Promise<void>;
  onEpochEnd?(epoch: number, logs: Logs): void | Promise<void>;
  onTrainEnd?(logs: Logs): void | Promise<void>;
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
  readonly validationData?: readonly [x: Tensor, y: Tensor] | undefined;
  /** Whether every epoch has an order of its own. Default true. */
  readonly shuffle?: boolean | undefined;
  readonly callbacks?: FitCallbacks | readonly FitCallbacks[] | undefined;
  /** 1 prints a line per epoch. Default 0. */
  readonly verbose?: 0 | 1 | undefined;
  /** Ends after the batch under way; `fit` then resolves with the epochs that were completed. */
  readonly signal?: AbortSignal | undefined;
}

export interface History {
  /** Numbers of the completed epochs, from `initialEpoch` on. */
  readonly epoch: readonly number[];
  /** Per name (`loss`, `accuracy`, `valLoss`, …) one figure per epoch. */
  readonly history: Readonly<Record<string, readonly number[]>>;
}

/** What `compile` chose. */
interface Compiled {
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly metrics: readonly (readonly [string, Loss])[];
}

/** @internal */
export class Trainer {
  readonly #model: Sequential;
  readonly #compiled: Compiled;
  #epochsDone = 0;
  #fitting = false;
  #step: SingleBatch | undefined;

  constructor(model: Sequential, { optimizer, loss, metrics = [] }: CompileOptions) {
    this.#model = model;
    this.#compiled = {
      optimizer: toOptimizer(optimizer),
      loss: toLoss(loss),
      metrics: metrics.map((name) => [name, toMetric(name)]),
    };
  }

  async fit(x: Tensor, y: Tensor, options: FitOptions): Promise<History> {
    if (this.#fitting) {
      throw new CudaGanError('CUDA_GAN_BUSY', `model "${this.#model.name}" is in fit already: wait for it to end`);
    }
    this.#fitting = true;
    try {
      return await this.#fit(this.#data(x, y), options);
    } finally {
      this.#fitting = false;
    }
  }

  async evaluate(x: Tensor, y: Tensor, { batchSize = 32 }: EvaluateOptions): Promise<Logs> {
    return this.#evaluate(this.#data(x, y), wholeNumber('batchSize', batchSize, 1));
  }

  async testOnBatch(x: Tensor, y: Tensor): Promise<Logs> {
    const data = this.#data(x, y);
    return this.#evaluate(data, data.rows);
  }

  async trainOnBatch(x: Tensor, y: Tensor): Promise<Logs> {
    const data = this.#data(x, y);
    const key = [data.x, data.y!].map(({ shape, data }) => `${shape}${data.constructor.name}`).join();
    const weights = this.#model.trainableWeights;
    if (this.#step?.key !== key || !sameItems(this.#step.weights, weights)) {
      this.#step?.dispose();
      this.#step = new SingleBatch(key, weights, data, this.#model, this.#recordTraining);
    }
    return this.#step.run(data);
  }

  dispose(): void {
    this.#step?.dispose();
    this.#compiled.optimizer.dispose();
  }

  async #fit(all: DataSet, options: FitOptions): Promise<History> {
    const { shuffle = true, signal } = options;
    const epochs = wholeNumber('epochs', options.epochs ?? 1, 1);
    const initialEpoch = wholeNumber('initialEpoch', options.initialEpoch ?? 0, 0);
    const batchSize = wholeNumber('batchSize', options.batchSize ?? 32, 1);
    const callbacks = [options.callbacks ?? []].flat();
    const [data, validation] = this.#split(all, options);
    if (batchSize > data.rows) {
      throw new CudaGanError('CUDA_GAN_DATA', `batchSize is ${batchSize}, but there are only ${data.rows} samples`);
    }
    const { device, seed } = this.#model;
    const batches = new Batches(data, batchSize, seed, device, this.#recordTraining);
    const order = inOrder(data.rows);
    const epochNumbers: number[] = [];
    const history: Record<string, number[]> = {};
    let logs: Logs = {};
    try {
      for (const callback of callbacks) await callback.onTrainBegin?.();
      for (let epoch = initialEpoch; epoch < epochs; epoch++) {
        for (const callback of callbacks) await callback.onEpochBegin?.(epoch);
        if (shuffle) new RandomStream(seed, firstStream.shuffling + this.#epochsDone).shuffle(order);
        const mean = new MeanOf();
        for await (const result of batches.run({ order, epoch: this.#epochsDone, signal })) {
          requireFinite(result, epoch);
          mean.add(result);
          for (let i = 0; i < result.batches; i++) {
            for (const callback of callbacks) await callback.onBatchEnd?.(result.first + i, logsOfBatch(result, i));
          }
        }
        if (signal?.aborted) break;
        this.#epochsDone++;
        logs = mean.logs();
        if (validation !== undefined) Object.assign(logs, forValidation(await this.#evaluate(validation, batchSize)));
        epochNumbers.push(epoch);
        for (const [name, value] of Object.entries(logs)) history[name] = [...(history[name] ?? []), value];
        if (options.verbose === 1) console.log(formatEpoch(epoch, epochs, logs));
        for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs);
      }
      for (const callback of callbacks) await callback.onTrainEnd?.(logs);
    } finally {
      batches.dispose();
    }
    return { epoch: epochNumbers, history };
  }

  async #evaluate(data: DataSet, batchSize: number): Promise<Logs> {
    const { device, seed } = this.#model;
    const batches = new Batches(data, batchSize, seed, device, (graph, x, y) => {
      this.#recordFigures(graph, y!, this.#model.call(x, { training: false }));
    });
    try {
      const mean = new MeanOf();
      for await (const result of batches.run({ order: inOrder(data.rows) })) mean.add(result);
      return mean.logs();
    } finally {
      batches.dispose();
    }
  }

  readonly #recordTraining: RecordStep = (graph, x, y) => {
    const loss = this.#recordFigures(graph, y!, this.#model.call(x, { training: true }));
    const weights = this.#model.trainableWeights;
    const slopes = gradients(
      [loss],
      weights.map((weight) => graph.read(weight)),
    );
    this.#compiled.optimizer.applyGradients(graph, weights, slopes);
  };

  #recordFigures(graph: Graph, y: Value, predictions: Value): Value {
    const { loss, metrics } = this.#compiled;
    const value = loss(y, predictions);
    if (value.shape.length !== 0) {
      throw new CudaGanError('CUDA_GAN_SHAPE', `the loss must be a scalar, found shape [${value.shape.join(', ')}]`);
    }
    graph.output('loss', value);
    for (const [name, metric] of metrics) graph.output(name, metric(y, predictions));
    return value;
  }

  #data(x: Tensor, y: Tensor): DataSet {
    const { inputShape, outputShape } = this.#model;
    const sparse = this.#compiled.loss === sparseCategoricalCrossentropy;
    return requireData(x, y, inputShape, outputShape, sparse ? outputShape.at(-1) : undefined);
  }

  /** Training data and, if wanted, validation data. */
  #split(all: DataSet, options: FitOptions): [DataSet, DataSet | undefined] {
    if (options.validationData !== undefined) return [all, this.#data(...options.validationData)];
    const split = numberIn('validationSplit', options.validationSplit ?? 0, 0, 1);
    if (split === 0) return [all, undefined];
    const rows = Math.floor(all.rows * (1 - split));
    if (rows === 0 || rows === all.rows) {
      throw new CudaGanError(
        'CUDA_GAN_DATA',
        `validationSplit ${split} leaves ${rows} of ${all.rows} samples to train on and ${all.rows - rows} to validate on`,
      );
    }
    return [partOf(all, 0, rows), partOf(all, rows, all.rows)];
  }
}

function partOf({ x, y }: DataSet, begin: number, end: number): DataSet {
  return { rows: end - begin, x: rowsOf(x, begin, end), y: y && rowsOf(y, begin, end) };
}

function requireFinite({ first, outputs }: BatchResult, epoch: number): void {
  const wrong = outputs.get('loss')!.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  throw new CudaGanError(
    'CUDA_GAN_DIVERGED',
    `the loss became ${outputs.get('loss')![wrong]} in epoch ${epoch}, batch ${first + wrong}; a lower learning rate or other data scaling may help`,
  );
}

/** `loss` → `valLoss`. */
function forValidation(logs: Logs): Logs {
  return Object.fromEntries(
    Object.entries(logs).map(([name, value]) => [`val${name[0]!.toUpperCase()}${name.slice(1)}`, value]),
  );
}

function formatEpoch(epoch: number, epochs: number, logs: Logs): string {
  const figures = Object.entries(logs).map(([name, value]) => `${name}: ${value.toFixed(4)}`);
  return [`Epoch ${epoch + 1}/${epochs}`, ...figures].join(' - ');
}

function sameItems<Item>(a: readonly Item[], b: readonly Item[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
