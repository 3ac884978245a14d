// What all models do, however their layers are connected: they live on a device, train, predict, are saved and loaded. A
// model is a layer too, so models nest.
import { notAllowed, seedNumber } from '../checks.js';
import type { Device } from '../devices/device.js';
import { type DeviceChoice, deviceLabel } from '../devices/names.js';
import { resolveDevice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { type FileFormat, requireEnding, safetensors } from '../formats/endings.js';
import {
  type ApplyOptions,
  type CallOptions,
  formatShapes,
  Layer,
  type LayerConfig,
  sameShapes,
  type WeightStreams,
} from '../layers/layer.js';
import { SymbolicTensor, type SymbolicTensors } from '../layers/symbolic-tensor.js';
import type { WeightRules } from '../layers/weight-settings.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Variable } from '../program/variable.js';
import { randomSeed } from '../random/random-stream.js';
import type { DType, OwnFloat32Array, Shape, Tensor } from '../tensor.js';
import { modelConfig } from './config.js';
import type { Tensors } from './data.js';
import { loadWeights, saveModel } from './files.js';
import type {
  CompileOptions,
  EvaluateOptions,
  FitOptions,
  History,
  PredictOptions,
  TestOnBatchOptions,
  TrainOnBatchOptions,
} from './fit-options.js';
import {
  formatNamed,
  formatOfContent,
  formatOfPath,
  mistakeOfFile,
  modelFile,
  type SaveOptions,
} from './model-formats.js';
import { type PixelRange, requirePixelRange } from './pixel-range.js';
import { predict } from './predict.js';
import { ProgramCache } from './program-cache.js';
import { isCounter } from './pytorch-weights.js';
import { type Clocks, StepClock } from './step-clock.js';
import { type Form, inForm, inOrder, type Structure } from './structure.js';
import { summarize } from './summary.js';
import type { Port, Topology } from './topology.js';
import { type Compiled, type ModelState, Trainer } from './trainer.js';
import { type LoadWeightsOptions, wantedWeights } from './wanted-weights.js';
import { type NamedVariables, readWeights, withoutRepeats, writeWeights } from './weights.js';

/** What all models take. */
export interface ModelOptions {
  /** Default: the class in snake case, numbered within a model around it. */
  readonly name?: string | undefined;
  /** Whether training moves anything of it. Default true. */
  readonly trainable?: boolean | undefined;
  /**
   * What 0 and 255 of uint8 inputs become, in training and in use: `[0, 1]`, `[-1, 1]`. Default: bytes are the numbers
   * 0 to 255, as in Keras. float32 inputs stay as they are. It counts for what this
   * model is given, not for a model around it. A `GAN` sets it for a discriminator that has none.
   */
  readonly pixelRange?: PixelRange | undefined;
  /** Seed of the initial weights, shuffling and dropout, a whole number below 2³². Default: random. */
  readonly seed?: number | undefined;
  /** Where the weights live. Default `auto`: the process' cuda device where there is a GPU, else its cpu device. */
  readonly device?: Device | DeviceChoice | undefined;
}

/** @internal */
export const modelOptionNames: OptionNames<ModelOptions> = {
  name: true,
  trainable: true,
  pixelRange: true,
  seed: true,
  device: true,
};

/** What `Model.summary` takes. */
export interface SummaryOptions {
  /** Takes the table. Default: `console.log`. */
  readonly print?: ((text: string) => void) | undefined;
}

/** One output of a model for n samples: [n, ...outputShape]. */
export type Prediction = Tensor<OwnFloat32Array>;

/** The outputs of a model, in the form in which it was given its outputs. */
export type Predictions = Structure<Prediction>;

/**
 * Layers, connected. `Sequential` stacks them; `model` connects them in any other way.
 */
export abstract class Model<Predicted extends Predictions = Predictions> extends Layer {
  static override readonly className: string = 'Model';
  #seed: number;
  /** What a layer is called here, where the number that another model has given it is taken. */
  readonly #labels = new Map<Layer, string>();
  #device: Device | DeviceChoice | undefined;
  #pixelRange: PixelRange | undefined;
  /** What this model is a part of, if it is. */
  #owner: string | undefined;
  #trainer: Trainer | undefined;
  readonly #state: ModelState = {
    trainingClock: new StepClock(),
    inferenceClock: new StepClock(),
    programs: new ProgramCache(),
  };

  /** @internal */
  constructor({ name, trainable, seed, device, pixelRange }: ModelOptions) {
    super({ name, trainable });
    this.#seed = seedNumber('seed', seed ?? randomSeed());
    this.#device = device;
    this.pixelRange = pixelRange;
  }

  /** Of the initial weights, shuffling and dropout. */
  get seed(): number {
    return this.#seed;
  }

  /** Goes on with the random numbers of a training that is resumed. @internal */
  takeSeed(seed: number): void {
    this.#seed = seed;
    this.#state.programs.clear();
  }

  /** Each once, in the order of the computation. */
  abstract get layers(): readonly Layer[];

  /** How the layers are connected. @internal */
  abstract get topology(): Topology;

  /** In which form it was given its inputs and outputs. @internal */
  protected abstract get forms(): { readonly inputs: Form; readonly outputs: Form };

  /** Builds for samples of these shapes, or makes sure that it is built for them. */
  abstract override build(inputShape: Shape | readonly Shape[], streams?: WeightStreams): void;

  /** Element types of the inputs. @internal */
  abstract get inputDTypes(): readonly DType[];

  /** Names by which data for the inputs is given. */
  get inputNames(): readonly string[] {
    return this.topology.inputs.map(({ name }) => name);
  }

  /** Names by which targets for the outputs are given, and figures are called. */
  get outputNames(): readonly string[] {
    return this.topology.outputs.map(({ name }) => name);
  }

  /** @internal */
  get inputPorts(): readonly Port[] {
    const { inputShapes, inputDTypes } = this;
    return this.inputNames.map((name, i) => {
      const dtype = inputDTypes[i]!;
      return { name, shape: inputShapes[i]!, dtype, numbers: dtype === 'int32' ? this.numbersOfInput(i) : undefined };
    });
  }

  /** @internal */
  get outputPorts(): readonly Port[] {
    const { outputShapes } = this;
    return this.outputNames.map((name, i) => ({ name, shape: outputShapes[i]!, dtype: 'float32' }));
  }

  /** The device that holds the weights; a model around this one may have chosen it. */
  get device(): Device {
    this.#device = this.#home ?? resolveDevice(this.#device);
    return this.#device;
  }

  /** @throws CudaGanError `CUDA_GAN_STATE` when the weights already live on another device. */
  set device(choice: Device | DeviceChoice) {
    const device = resolveDevice(choice);
    const home = this.#home;
    if (home !== undefined && home !== device) {
      throw new CudaGanError(
        'CUDA_GAN_STATE',
        `model "${this.name}" already lives on the device "${deviceLabel(home)}"; choose its device before its first use`,
      );
    }
    this.#device = device;
    for (const part of modelsWithin(this)) part.device = device;
  }

  /** What 0 and 255 of uint8 inputs become; undefined when bytes are numbers as they are. */
  get pixelRange(): PixelRange | undefined {
    return this.#pixelRange;
  }

  /** @throws CudaGanError `CUDA_GAN_VALUE` when it is not two finite numbers, the lower first. */
  set pixelRange(range: PixelRange | undefined) {
    this.#pixelRange = range === undefined ? undefined : requirePixelRange('pixelRange', range);
  }

  /** What it is called in this model. @internal */
  nameOf(layer: Layer): string {
    return this.#labels.get(layer) ?? layer.name;
  }

  /** The layer of that name. @throws CudaGanError `CUDA_GAN_VALUE` when there is none. */
  getLayer(name: string): Layer {
    const found = this.layers.find((layer) => this.nameOf(layer) === name);
    if (found !== undefined) return found;
    const names = this.layers.map((layer) => this.nameOf(layer));
    throw notAllowed(`a layer of model "${this.name}"`, name, names.join(', ') || 'none');
  }

  /** Numbers the name of a layer that has none of its own; holds names apart. @internal */
  protected nameLayer(layer: Layer, others: readonly Layer[]): void {
    const taken = new Set(others.map((other) => this.nameOf(other)));
    if (!layer.named) {
      const label = freeName(layer.name, taken);
      layer.numberName(label);
      if (layer.name !== label) this.#labels.set(layer, label);
    }
    if (taken.has(this.nameOf(layer))) {
      throw new CudaGanError('CUDA_GAN_VALUE', `model "${this.name}" already has a layer named "${layer.name}"`);
    }
  }

  /** Forgets what was compiled and fixed for other layers. @internal */
  protected layersChanged(): void {
    this.#state.programs.clear();
    this.#trainer?.layersChanged();
  }

  /** Calls `train`, and lets nobody dispose of this model or its parts meanwhile, or write their weights. @internal */
  async whileTraining<Result>(train: () => Promise<Result>): Promise<Result> {
    this.countTrainings(1);
    try {
      return await train();
    } finally {
      this.countTrainings(-1);
    }
  }

  /** From now on a built model keeps its layers, which `owner` counts on. @internal */
  override becomePartOf(owner: string): void {
    this.#owner = owner;
  }

  /** @internal */
  override get takenBy(): string | undefined {
    return this.#owner;
  }

  /** @internal */
  override get layersWithin(): readonly Layer[] {
    return this.layers;
  }

  override get inputDType(): DType {
    return this.inputDTypes[0]!;
  }

  /** The least of what the layers say that take it. @internal */
  override numbersOfInput(input: number): number | undefined {
    const found = this.topology.nodes.flatMap(({ layer, inputs }) =>
      inputs.flatMap((value, i) => (value === input ? (layer.numbersOfInput(i) ?? []) : [])),
    );
    return found.length === 0 ? undefined : Math.min(...found);
  }

  /** As `apply` of a layer; several inputs as an array in their order, or as a record by their names. */
  override apply<Result extends SymbolicTensors = SymbolicTensor>(
    inputs: SymbolicTensors,
    options?: ApplyOptions,
  ): Result {
    const outputs = super.apply<Result>(inputs, options);
    this.#owner ??= 'a graph of layers';
    return outputs;
  }

  /** @internal */
  protected override inputsInOrder(given: SymbolicTensors): readonly SymbolicTensor[] {
    const isItem = (value: unknown) => value instanceof SymbolicTensor;
    if (isItem(given) || Array.isArray(given)) return super.inputsInOrder(given);
    return super.inputsInOrder(inOrder(`what "${this.name}" is applied to`, given, this.inputNames, { isItem }));
  }

  /** @internal */
  protected override outputsInForm(outputs: readonly SymbolicTensor[]): unknown {
    return inForm(this.forms.outputs, this.outputNames, outputs);
  }

  /** @internal */
  override prepare(inputShapes: readonly Shape[]): void {
    this.requireInputCount(inputShapes.length);
    this.build(inputShapes);
  }

  /** @internal */
  protected override requireInputCount(count: number): void {
    const wanted = this.inputNames;
    if (count === wanted.length) return;
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `model "${this.name}" takes ${wanted.length === 1 ? '1 input' : `${wanted.length} inputs (${wanted.join(', ')})`}, found ${count}`,
    );
  }

  /** @internal */
  override takeStreams(streams: WeightStreams): void {
    for (const layer of this.layers) layer.takeStreams(streams);
  }

  /**
   * Records the model as a whole.
   * @internal
   * @throws CudaGanError `CUDA_GAN_VALUE` when a layer reads a weight that no layer of it has.
   */
  override record(inputs: readonly Value[], options: CallOptions): readonly Value[] {
    return super.record(inputs, { ...options, owned: new Set(this.weights) });
  }

  /** Records what its layers compute, on inputs of [batch, ...sample] in their order. */
  override call(inputs: readonly Value[], options: CallOptions): Value | readonly Value[] {
    const shapes = inputs.map(({ shape }) => shape.slice(1));
    if (!this.built) this.build(shapes);
    if (!sameShapes(shapes, this.inputShapes)) {
      throw new CudaGanError(
        'CUDA_GAN_SHAPE',
        `${this.name} takes samples of ${formatShapes(this.inputShapes)}, found ${formatShapes(shapes)}`,
      );
    }
    const { graph } = inputs[0]!;
    const { nodes, outputs } = this.topology;
    const values = [...inputs];
    for (const { layer, inputs: from, outputs: to, training = options.training } of nodes) {
      const taken = from.map((value) => values[value]!);
      const known = graph.variableCount;
      const made = graph.scope(this.nameOf(layer), () => layer.callOn(taken, { ...options, training }));
      this.#requireOwned(layer, graph.variablesFrom(known), options);
      to.forEach((value, i) => {
        values[value] = made[i]!;
      });
    }
    const results = outputs.map(({ value }) => values[value]!);
    return results.length === 1 ? results[0]! : results;
  }

  /** What a layer of this model reads must be a weight of its own, or of another layer of the whole model. */
  #requireOwned(layer: Layer, read: readonly Variable[], { owned }: CallOptions): void {
    if (owned === undefined || read.length === 0) return;
    const { weights } = layer;
    const foreign = read.find((variable) => !owned.has(variable) && !weights.includes(variable));
    if (foreign === undefined) return;
    const name = this.nameOf(layer);
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `layer "${name}" reads the weight "${foreign.name}", which no layer of model "${this.name}" has: it would be neither trained nor saved. ` +
        `Make "${name}" a Wrapper of the layer that it calls, or apply that layer in the model`,
    );
  }

  override get namedWeights(): NamedVariables {
    return withoutRepeats(
      this.layers.flatMap((layer) =>
        layer.namedWeights.map(([name, variable]) => [`${this.nameOf(layer)}/${name}`, variable] as const),
      ),
    );
  }

  /** Everything that the model keeps from call to call, by path: `dense/kernel`. */
  state(): ReadonlyMap<string, Variable> {
    return new Map(this.namedWeights);
  }

  /** How far it was trained and used. @internal */
  get clocks(): Clocks {
    const { trainingClock: training, inferenceClock: inference } = this.#state;
    return { training, inference };
  }

  override get weights(): readonly Variable[] {
    return [...new Set(this.layers.flatMap((layer) => layer.weights))];
  }

  /** @internal */
  override get weightRules(): ReadonlyMap<Variable, WeightRules> {
    return new Map(this.layers.flatMap((layer) => [...layer.weightRules]));
  }

  override get trainableWeights(): readonly Variable[] {
    return this.trainable ? [...new Set(this.layers.flatMap((layer) => layer.trainableWeights))] : [];
  }

  override get movingWeights(): readonly Variable[] {
    return this.trainable ? [...new Set(this.layers.flatMap((layer) => layer.movingWeights))] : [];
  }

  /** Number of weight elements. */
  countParams(): number {
    return this.weights.reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * Keras' table of layers, output shapes and parameters, handed to `print`, by default the console. Where layers are more
   * than a stack, it says what each is connected to.
   */
  summary(options?: SummaryOptions): void {
    const { print = console.log } = checkOptions<SummaryOptions>('summary', options, { print: true });
    if (typeof print !== 'function') throw notAllowed('print', print, 'functions');
    this.requireLayers();
    print(summarize(this));
  }

  /** Copies of all weights, in the order of `weights`. */
  async getWeights(): Promise<Tensor<OwnFloat32Array>[]> {
    return readWeights(this.namedWeights, this.device);
  }

  /**
   * Replaces all weights, in the order of `weights`.
   * @throws CudaGanError `CUDA_GAN_SHAPE` when number or shapes differ, `CUDA_GAN_DATA` for NaN or Infinity,
   * `CUDA_GAN_BUSY` during `fit`; nothing changes then.
   */
  async setWeights(values: readonly Tensor<Float32Array>[]): Promise<void> {
    this.requireNoFit('setWeights');
    await this.replaceWeights(values);
  }

  /** As `setWeights`, of tensors that nobody else has: they are not copied. @internal */
  async takeWeights(values: readonly Tensor<Float32Array>[]): Promise<void> {
    this.requireNoFit('setWeights');
    await this.replaceWeights(values, { owned: true });
  }

  /** As `setWeights`, also while it trains. @internal */
  async replaceWeights(values: readonly Tensor<Float32Array>[], { owned } = { owned: false }): Promise<void> {
    const { namedWeights, device } = this;
    if (!Array.isArray(values)) throw new CudaGanError('CUDA_GAN_VALUE', 'setWeights takes an array of tensors');
    if (values.length !== namedWeights.length) {
      throw new CudaGanError(
        'CUDA_GAN_SHAPE',
        `model "${this.name}" has ${namedWeights.length} weights, found ${values.length}`,
      );
    }
    await writeWeights(namedWeights, values, device, { owned });
  }

  /**
   * Chooses how to train, and fixes what trains: as in Keras 2 and TensorFlow.js, a later change of `trainable` takes
   * effect with the next `compile`, and until then the next training warns of it once (`CUDA_GAN_TRAINABLE`). So the
   * same layers may train in one model and be frozen in another. May be called again; the optimizer's state starts anew
   * then.
   * @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name or option, `CUDA_GAN_BUSY` during `fit`.
   */
  compile(options: CompileOptions): void {
    this.requireNoFit('compile');
    const trainer = new Trainer(this, this.#state, options);
    this.#trainer?.dispose();
    this.#trainer = trainer;
    this.#state.programs.clear();
  }

  /** What it was compiled with, if it was. @internal */
  get compiled(): Compiled | undefined {
    return this.#trainer?.compiled;
  }

  /**
   * Trains on x [n, ...inputShape] and y [n, ...]. Of several inputs or outputs: arrays in their order, or records by their
   * names.
   * @throws CudaGanError `CUDA_GAN_STATE` before `compile`; `CUDA_GAN_BUSY` during another `fit`; `CUDA_GAN_SHAPE`,
   * `CUDA_GAN_DATA` and `CUDA_GAN_VALUE` for wrong input; `CUDA_GAN_DIVERGED` when the loss or a weight becomes NaN or
   * infinite: model and optimizer are then back at a copy of their last finite state, which is taken at most so often
   * that it costs 1 % of the time.
   */
  async fit(x: Tensors, y: Tensors, options?: FitOptions): Promise<History> {
    return this.#compiled('fit').fit(x, y, options);
  }

  /** Loss and metrics on x and y, in inference mode. @throws as `fit`. */
  async evaluate(x: Tensors, y: Tensors, options?: EvaluateOptions): Promise<Record<string, number>> {
    return this.#compiled('evaluate').evaluate(x, y, options);
  }

  /**
   * Outputs [n, ...outputShape] for x [n, ...inputShape], in inference mode. Needs no `compile`. Parts that were applied
   * with `training: true` draw other random numbers at every call, which follow from the seed and the calls before.
   */
  async predict(x: Tensors, options?: PredictOptions): Promise<Predicted> {
    const outputs = await predict(this, this.#state, x, options);
    return inForm(this.forms.outputs, this.outputNames, outputs) as Predicted;
  }

  /** One update on one batch; loss and metrics as before the update. @throws as `fit`. */
  async trainOnBatch(x: Tensors, y: Tensors, options?: TrainOnBatchOptions): Promise<Record<string, number>> {
    return this.#compiled('trainOnBatch').trainOnBatch(x, y, options);
  }

  /** Loss and metrics on one batch, in inference mode. @throws as `fit`. */
  async testOnBatch(x: Tensors, y: Tensors, options?: TestOnBatchOptions): Promise<Record<string, number>> {
    return this.#compiled('testOnBatch').testOnBatch(x, y, options);
  }

  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      seed: this.seed,
      ...(this.#pixelRange && { pixelRange: this.#pixelRange }),
    };
  }

  /**
   * Writes weights and structure as one file. How its name ends says of which format: `.keras` (Keras 3), `.h5` (Keras 1 to 3,
   * Deeplearning4j) and `.json` (TensorFlow.js, with files of weights beside it), all with what `compile` chose and the optimizer's
   * state; `.weights.h5` (weights alone, for Keras 3); `.onnx`; else a safetensors file, which Python's `safetensors` reads too.
   * @throws CudaGanError `CUDA_GAN_FILE` when it cannot be written, `CUDA_GAN_DATA` when a weight is NaN or infinite,
   * `CUDA_GAN_VALUE` when the config of a layer is no plain data, or what the format cannot say, when a layer reads a weight that
   * no layer of the model has, and for a path that ends as other formats do; an earlier file is then left as it was.
   */
  async save(path: string, options?: SaveOptions): Promise<void> {
    requireEnding(path, modelFile);
    const isOther = formatNamed(path) !== safetensors;
    const settings = checkOptions<SaveOptions>('save', options, { for: true });
    this.requireLayers();
    if (this.built) this.record(this.tracedInputs(this.inputShapes, this.inputDTypes), { training: false });
    if (isOther) {
      const format = await formatOfPath(path);
      requireReader(settings, format.readers, format.file);
      await format.save(this, path, settings);
      return;
    }
    requireReader(settings, [], safetensors);
    const names = this.namedWeights.map(([name]) => name);
    const config = modelConfig(this);
    const values = await this.getWeights();
    await saveModel(
      path,
      config,
      names.map((name, i) => [name, values[i]!] as const),
    );
  }

  /**
   * Replaces the weights by those of a file that `save` wrote for a model of the same structure, or Keras: its layers are found
   * in their order then, whatever they are called.
   * @throws CudaGanError `CUDA_GAN_FILE` when it is not such a file, `CUDA_GAN_BUSY` during `fit`; nothing changes then.
   */
  async loadWeights(path: string, options?: LoadWeightsOptions): Promise<void> {
    const wanted = wantedWeights(this, options);
    this.requireLayers();
    this.requireNoFit('loadWeights');
    const format = await formatOfContent(path);
    if (format !== undefined) {
      if (options !== undefined) {
        throw new CudaGanError(
          'CUDA_GAN_VALUE',
          `names and layout are for safetensors files, and ${path} is none: it begins as ${format.file.name} does`,
        );
      }
      await format.loadWeights(this, path);
      return;
    }
    const values = await loadWeights(path, wanted, options?.layout === 'pytorch' ? isCounter : undefined);
    // Training may have begun while the file was read.
    this.requireNoFit('loadWeights');
    await this.takeWeights(values).catch((error: unknown) => {
      throw mistakeOfFile(path, error);
    });
  }

  /**
   * Frees the device's memory. The model starts anew from its initial weights when it is used again.
   * @throws CudaGanError `CUDA_GAN_BUSY` during `fit`.
   */
  dispose(): void {
    this.requireNoFit('dispose');
    this.#state.programs.clear();
    this.#trainer?.dispose();
    for (const weight of this.weights) weight.dispose();
  }

  /** @internal */
  protected requireLayers(): readonly Layer[] {
    if (this.layers.length === 0) {
      throw new CudaGanError('CUDA_GAN_STATE', `model "${this.name}" has no layers yet: add some`);
    }
    return this.layers;
  }

  /** @internal */
  protected requireNoFit(method: string): void {
    if (!this.inTraining) return;
    throw new CudaGanError('CUDA_GAN_BUSY', `model "${this.name}" is in training: wait for it to end before ${method}`);
  }

  /** The device that holds weights already, if one does. */
  get #home(): Device | undefined {
    for (const layer of this.layers) {
      for (const { device } of layer.weights) if (device !== undefined) return device;
    }
    return undefined;
  }

  #compiled(method: string): Trainer {
    if (this.#trainer === undefined) {
      throw new CudaGanError('CUDA_GAN_STATE', `model "${this.name}" must be compiled before ${method}: call compile`);
    }
    return this.#trainer;
  }
}

function requireReader({ for: reader }: SaveOptions, readers: readonly string[] = [], { name }: FileFormat): void {
  if (reader === undefined || readers.includes(reader)) return;
  throw notAllowed('for', reader, readers.length === 0 ? `nothing for ${name}` : readers.join(', '));
}

/** The models that a layer is made of, without what they are made of themselves. */
function modelsWithin({ layersWithin }: Layer): readonly Model[] {
  return layersWithin.flatMap((layer) => (layer instanceof Model ? [layer] : modelsWithin(layer)));
}

/** `base`, or the first of `base_1`, `base_2`, … that is not taken. */
function freeName(base: string, taken: ReadonlySet<string>): string {
  let name = base;
  for (let number = 1; taken.has(name); number++) name = `${base}_${number}`;
  return name;
}
