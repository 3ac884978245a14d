// Training and evaluation of a model, as its `compile` chose.
import { CudaGanError } from '../errors.js';
import type { CallOptions } from '../layers/layer.js';
import { type Optimizer, toOptimizer } from '../optimizers/index.js';
import { checkOptions } from '../options.js';
import type { Graph } from '../program/graph.js';
import type { Value } from '../program/value.js';
import type { Variable } from '../program/variable.js';
import { firstStream } from '../random/streams.js';
import type { Tensor } from '../tensor.js';
import type { Logs } from '../training/callbacks.js';
import { LastGoodState } from '../training/last-good-state.js';
import { warn } from '../warnings.js';
import { BatchProgram, type BatchProgramOptions } from './batch-program.js';
import { Batches, type BatchResult, type BatchValues, type RecordStep, rowNumbers } from './batches.js';
import { type DataSet, requireData, rowsOf, type TargetPort, type Tensors } from './data.js';
import { Figures, logsOfBatch } from './figures.js';
import type { FitParts } from './fit.js';
import {
  type CompileOptions,
  type EvaluateOptions,
  type FitOptions,
  type FitPlan,
  type History,
  planEvaluation,
  planFit,
  type TestOnBatchOptions,
  type TrainOnBatchOptions,
  testOptions,
  trainOptions,
} from './fit-options.js';
import { type FitRun, runFit } from './fit-run.js';
import type { Model } from './model.js';
import { Objective, validationName } from './objective.js';
import type { ProgramCache } from './program-cache.js';
import { copyOfData, type FitData, fitIdentity, goOnAs, lockedFolder, resumedFit } from './saved-fit.js';
import type { StepClock } from './step-clock.js';
import { recordUpdate, weightPenalties } from './update.js';
import { type ClassWeights, requireWeights, type WeightedData, weightsOfClasses } from './weighting.js';

/** What a model keeps from one `compile` to the next. */
export interface ModelState {
  readonly trainingClock: StepClock;
  /** Counts the steps of `predict`, `evaluate` and validation: they change nothing of what training draws. */
  readonly inferenceClock: StepClock;
  readonly programs: ProgramCache<BatchProgram>;
}

type StepKind = 'train' | 'test';

/** What a model was compiled with. */
export interface Compiled {
  readonly options: CompileOptions;
  readonly optimizer: Optimizer;
  /** What the optimizer moves, in the order in which it was handed them. */
  readonly weights: readonly Variable[];
}

/** What is trained. */
interface Moving {
  /** Weights and statistics. */
  readonly all: readonly Variable[];
  /** Those of them that the optimizer moves. */
  readonly weights: readonly Variable[];
}

/** @internal */
export class Trainer {
  readonly #model: Model;
  readonly #state: ModelState;
  readonly #options: CompileOptions;
  readonly #optimizer: Optimizer;
  readonly #objective: Objective;
  #moving: Moving | undefined;
  #warned = false;
  #fitting = false;
  #lastGood: LastGoodState | undefined;
  /** Updates that were asked for so far. */
  #updates = 0;

  /** Fixes what trains, unless the model is not built yet: then the first training does. */
  constructor(model: Model, state: ModelState, options: CompileOptions) {
    const { optimizer, ...objective } = checkOptions<CompileOptions>('compile', options, {
      optimizer: true,
      loss: true,
      lossWeights: true,
      metrics: true,
    });
    this.#model = model;
    this.#state = state;
    this.#options = { ...options };
    this.#optimizer = toOptimizer(optimizer);
    this.#objective = new Objective(model.outputNames, objective);
    if (model.built) this.#moving = movingOf(model);
  }

  /** What trains is fixed anew by the next training. */
  layersChanged(): void {
    this.#moving = undefined;
    this.#lastGood = undefined;
  }

  get compiled(): Compiled {
    return { options: this.#options, optimizer: this.#optimizer, weights: this.#requireMoving().weights };
  }

  async fit(x: Tensors, y: Tensors, options: FitOptions | undefined): Promise<History> {
    this.#requireNoFit();
    this.#fitting = true;
    try {
      const plan = planFit(options);
      const all = this.#data({ x, y, sampleWeight: plan.sampleWeight });
      const data = { all, validation: plan.validationData && this.#data(plan.validationData) };
      return await this.#model.whileTraining(() => this.#fit(data, plan, { ...options }));
    } finally {
      this.#fitting = false;
    }
  }

  async evaluate(x: Tensors, y: Tensors, options: EvaluateOptions | undefined): Promise<Logs> {
    const { batchSize, sampleWeight } = planEvaluation(options);
    const data = this.#data({ x, y, sampleWeight });
    if (data.rows <= batchSize) return this.#testBatch(data);
    const batches = this.#batches('test', data, batchSize);
    try {
      return await this.#test(batches, data.rows);
    } finally {
      batches.dispose();
    }
  }

  async testOnBatch(x: Tensors, y: Tensors, options: TestOnBatchOptions | undefined): Promise<Logs> {
    return this.#testBatch(this.#data({ x, y, ...testOptions(options) }));
  }

  async trainOnBatch(x: Tensors, y: Tensors, options: TrainOnBatchOptions | undefined): Promise<Logs> {
    this.#requireNoFit();
    const { sampleWeight, classWeight } = trainOptions(options);
    const data = this.#weighted(this.#data({ x, y, sampleWeight }), classWeight);
    this.#beginTraining();
    const program = this.#program('train', data);
    const lastGood = this.#requireLastGood();
    const step = this.#state.trainingClock.takeSteps(1);
    const updates = this.#updates++;
    const [, logs] = await Promise.all([lastGood.takeWhenDue(updates), this.#runBatch(program, data, step)]);
    if (!Number.isFinite(logs.loss)) throw await this.#goBack(`the loss became ${logs.loss}`, updates);
    lastGood.confirm(updates);
    return logs;
  }

  /** Frees the optimizer's state of this model. */
  dispose(): void {
    this.#lastGood = undefined;
    if (this.#moving !== undefined) this.#optimizer.dispose(this.#moving.weights);
  }

  #requireNoFit(): void {
    if (!this.#fitting) return;
    throw new CudaGanError('CUDA_GAN_BUSY', `model "${this.#model.name}" is in fit already: wait for it to end`);
  }

  async #fit(data: FitData, plan: FitPlan, options: FitOptions): Promise<History> {
    if (plan.resume === undefined) return this.#fitOn(data, plan);
    // The arrays may be used for something else while the checkpoint is read.
    const copies = copyOfData(data);
    const lock = await lockedFolder(plan);
    try {
      const resumed = await resumedFit(plan);
      return await this.#fitOn(copies, planFit(options, resumed?.saved.settings), { resumed, lock });
    } finally {
      lock?.release();
    }
  }

  /** Takes all that it is given before the first await. */
  async #fitOn(
    given: FitData,
    plan: FitPlan,
    { resumed, lock }: Partial<Pick<FitRun, 'resumed' | 'lock'>> = {},
  ): Promise<History> {
    const [part, validation] = this.#split(given, plan);
    const data = this.#weighted(part, plan.classWeight);
    this.#beginTraining();
    const model = this.#model;
    const optimizer = this.#optimizer;
    const { accumulating } = this.#objective;
    const hasCheckpoints = plan.checkpointDir !== undefined || plan.resume !== undefined;
    const found = hasCheckpoints ? fitIdentity(model, { optimizer, accumulating }, given, plan) : undefined;
    const identity = resumed === undefined ? found : goOnAs(model, found!, resumed);
    const batches = this.#batches('train', data, plan.batchSize);
    const tests = validation && this.#batches('test', validation, plan.batchSize);
    const parts: FitParts = {
      ...plan,
      seed: model.seed,
      clock: this.#state.trainingClock,
      batches,
      rows: data.rows,
      accumulating,
      guard: (run, where) => this.#guarded(run, where),
      requireFinite: () => this.#requireFiniteState(),
      validate: tests && (async () => forValidation(await this.#test(tests, validation.rows))),
      resumed: resumed?.saved.progress,
    };
    const figures = [...batches.figures, ...(tests?.figures ?? []).map(validationName)];
    try {
      return await runFit({ model, optimizer, plan, parts, figures, identity, resumed, lock });
    } finally {
      batches.dispose();
      tests?.dispose();
    }
  }

  /** Runs batches from a state to go back to, and does so when a loss is not finite: `where` says of which batch. */
  async #guarded(run: () => Promise<BatchResult>, where: (batch: number) => string): Promise<BatchResult> {
    const lastGood = this.#requireLastGood();
    const before = this.#updates;
    await lastGood.takeWhenDue(before);
    const result = await run();
    if (result.batches === 0) return result;
    this.#updates += result.batches;
    const losses = result.outputs.get('loss')!;
    const wrong = losses.findIndex((loss) => !Number.isFinite(loss));
    if (wrong !== 0) lastGood.confirm(before);
    if (wrong < 0) return result;
    throw await this.#goBack(`the loss became ${losses[wrong]} ${where(result.first + wrong)}`, before + wrong);
  }

  async #testBatch(data: DataSet): Promise<Logs> {
    return this.#runBatch(this.#program('test', data), data, this.#state.inferenceClock.takeSteps(1));
  }

  async #runBatch(program: BatchProgram, data: DataSet, step: number): Promise<Logs> {
    const { steps, outputs } = await program.run(data, step);
    const result = { first: 0, batches: steps, samples: data.rows, outputs };
    return logsOfBatch(result, 0, this.#objective.accumulating);
  }

  /** Figures over all batches, in the order of the data. */
  async #test(batches: Batches, rows: number): Promise<Logs> {
    const firstStep = this.#state.inferenceClock.takeSteps(batches.count);
    const figures = new Figures(this.#objective.accumulating);
    for await (const result of batches.run({ order: rowNumbers(rows), firstStep })) figures.add(result);
    return figures.logs();
  }

  readonly #recordTraining: RecordStep = (graph, batch) => {
    const { all, weights } = this.#requireMoving();
    const loss = this.#recordLoss(graph, batch, { training: true, moves: new Set(all) });
    recordUpdate(graph, { model: this.#model, optimizer: this.#optimizer, weights }, loss);
  };

  readonly #recordTest: RecordStep = (graph, batch) => {
    this.#recordLoss(graph, batch, { training: false });
  };

  /** The loss of a batch, with what regularizers of layers add; it and the other figures become outputs. */
  #recordLoss(graph: Graph, { inputs, targets, weights }: BatchValues, options: CallOptions): Value {
    const penalties: Value[] = [];
    const predictions = this.#model.record(inputs, { ...options, penalties });
    const moving = this.#moving ?? movingOf(this.#model);
    penalties.push(...weightPenalties(graph, this.#model, moving.weights));
    return this.#objective.record(graph, { targets, predictions, weights, penalties });
  }

  #batches(kind: StepKind, data: DataSet, batchSize: number): Batches {
    return new Batches(data, { batchSize, ...this.#recorded(kind) });
  }

  #program(kind: StepKind, data: DataSet): BatchProgram {
    const recorded = this.#recorded(kind);
    return this.#state.programs.get(
      `${kind} ${BatchProgram.keyOf(data, recorded.pixelRange)}`,
      () => new BatchProgram(data, recorded),
    );
  }

  #recorded(kind: StepKind): BatchProgramOptions {
    const { seed, device, pixelRange } = this.#model;
    return kind === 'train'
      ? { seed, stream: firstStream.ops, device, pixelRange, record: this.#recordTraining }
      : { seed, stream: firstStream.inference, device, pixelRange, record: this.#recordTest };
  }

  /** Says once when what trains is no longer what `trainable` says. */
  #beginTraining(): void {
    const moving = this.#requireMoving();
    if (this.#warned || sameItems(moving.all, this.#model.movingWeights)) return;
    this.#warned = true;
    warn(
      'CUDA_GAN_TRAINABLE',
      `trainable of model "${this.#model.name}" or of a part of it was changed after compile, which fixes what trains: ` +
        'the change takes effect with the next compile',
    );
  }

  #requireMoving(): Moving {
    this.#moving ??= movingOf(this.#model);
    return this.#moving;
  }

  /** Of weights, statistics and the optimizer, which has its Variables once a training step was recorded. */
  #requireLastGood(): LastGoodState {
    const { all, weights } = this.#requireMoving();
    this.#lastGood ??= new LastGoodState([...all, ...this.#optimizer.variables(weights)], this.#model.device);
    return this.#lastGood;
  }

  /** The last update may have left weights that no loss has shown yet. */
  async #requireFiniteState(): Promise<void> {
    if (await this.#requireLastGood().take(this.#updates)) return;
    throw await this.#goBack('a weight became NaN or infinite', this.#updates);
  }

  /** Brings the last good state back, and makes the error that says so. It showed after `updates`. */
  async #goBack(what: string, updates: number): Promise<CudaGanError> {
    const restored = await this.#requireLastGood().restore();
    const count = updates - (restored ?? 0);
    const earlier = count === 0 ? 'before this update' : `${count} ${count === 1 ? 'update' : 'updates'} earlier`;
    const state =
      restored === undefined
        ? 'there was no finite state to go back to'
        : `model and optimizer are back as they were ${earlier}`;
    return new CudaGanError(
      'CUDA_GAN_DIVERGED',
      `${what}; ${state}. A lower learning rate or other data scaling may help`,
    );
  }

  #data({ x, y, sampleWeight }: WeightedData): DataSet {
    if (y === undefined) throw new CudaGanError('CUDA_GAN_DATA', 'y is missing: each x needs its y');
    const data = requireData(x, y, this.#model.inputPorts, this.#targetPorts);
    if (sampleWeight === undefined) return data;
    return { ...data, weights: requireWeights(sampleWeight, data.rows, this.#targetPorts) };
  }

  /** With weights of samples by their classes, where these have some. */
  #weighted(data: DataSet, classWeight: ClassWeights | undefined): DataSet {
    if (classWeight === undefined) return data;
    const ports = this.#targetPorts;
    if (ports.length > 1) {
      throw new CudaGanError(
        'CUDA_GAN_VALUE',
        `classWeight is for models with one output, and this has ${ports.length}: give sampleWeight for each`,
      );
    }
    return { ...data, weights: [weightsOfClasses(classWeight, data.targets[0]!, ports[0]!)] };
  }

  get #targetPorts(): readonly TargetPort[] {
    return this.#objective.targetPorts(this.#model.outputPorts);
  }

  /** Training data and, if wanted, validation data. */
  #split({ all, validation }: FitData, { validationSplit }: FitPlan): [DataSet, DataSet | undefined] {
    if (validation !== undefined) return [all, validation];
    if (validationSplit === 0) return [all, undefined];
    const rows = Math.floor(all.rows * (1 - validationSplit));
    if (rows === 0 || rows === all.rows) {
      throw new CudaGanError(
        'CUDA_GAN_DATA',
        `validationSplit ${validationSplit} leaves ${rows} of ${all.rows} samples to train on and ${all.rows - rows} to validate on`,
      );
    }
    return [partOf(all, 0, rows), partOf(all, rows, all.rows)];
  }
}

function movingOf(model: Model): Moving {
  return { all: model.movingWeights, weights: model.trainableWeights };
}

function partOf({ inputs, targets, weights }: DataSet, begin: number, end: number): DataSet {
  const part = (tensors: readonly Tensor[]) => tensors.map((tensor) => rowsOf(tensor, begin, end));
  return { rows: end - begin, inputs: part(inputs), targets: part(targets), weights: part(weights) };
}

function forValidation(logs: Logs): Logs {
  return Object.fromEntries(Object.entries(logs).map(([name, value]) => [validationName(name), value]));
}

function sameItems<Item>(a: readonly Item[], b: readonly Item[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
