// A stack of layers, each with one input and one output. A model is a layer too, so models nest.
import { inWords, named, notAllowed, seedNumber, shapeOption } from '../checks.js';
import type { Device } from '../devices/device.js';
import { type DeviceChoice, resolveDevice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { layerClasses } from '../layers/index.js';
import { type CallOptions, Layer, type LayerConfig, WeightStreams } from '../layers/layer.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Variable } from '../program/variable.js';
import { randomSeed } from '../random/random-stream.js';
import {
  firstNonFinite,
  formatShape,
  type OwnFloat32Array,
  requireTensor,
  type Shape,
  sameShape,
  type Tensor,
  type TypedArray,
  tensor,
} from '../tensor.js';
import { isModelConfig, type ModelConfig, modelConfig } from './config.js';
import { loadConfig, loadWeights, saveModel } from './files.js';
import type { CompileOptions, EvaluateOptions, FitOptions, History } from './fit-options.js';
import { type PixelRange, requirePixelRange } from './pixel-range.js';
import { predict } from './predict.js';
import { ProgramCache } from './program-cache.js';
import { summarize } from './summary.js';
import { type ModelState, Trainer } from './trainer.js';
import { TrainingClock } from './training-clock.js';

export interface SequentialOptions {
  readonly layers?: readonly Layer[] | undefined;
  /** Default `sequential`, numbered within a model around it. */
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

export interface SummaryOptions {
  /** Takes the table. Default: `console.log`. */
  readonly print?: ((text: string) => void) | undefined;
}

const optionNames: OptionNames<SequentialOptions> = {
  layers: true,
  name: true,
  trainable: true,
  pixelRange: true,
  seed: true,
  device: true,
};

/**
 * A linear stack of layers, as in Keras.
 *
 * @example
 * const model = new Sequential({ layers: [
 *   layers.dense({ units: 128, activation: 'relu', inputShape: [784] }),
 *   layers.dense({ units: 10, activation: 'softmax' }),
 * ] });
 * model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
 * await model.fit(x, y, { epochs: 5 });
 */
export class Sequential extends Layer {
  readonly className = 'Sequential';
  readonly seed: number;
  readonly #layers: Layer[] = [];
  /** What a layer is called here, where the number that another model has given it is taken. */
  readonly #labels = new Map<Layer, string>();
  #device: Device | DeviceChoice | undefined;
  #streams: WeightStreams;
  #pixelRange: PixelRange | undefined;
  /** What this model is a part of, if it is. */
  #owner: string | undefined;
  #trainer: Trainer | undefined;
  /** Trainings under way that move this model, from outside its own trainer too. */
  #trainings = 0;
  readonly #state: ModelState = { clock: new TrainingClock(), programs: new ProgramCache() };

  /**
   * @throws CudaGanError `CUDA_GAN_SHAPE` when the layers do not fit each other, `CUDA_GAN_VALUE` for an option that does
   * not exist or a value that is not allowed.
   */
  constructor(options: SequentialOptions = {}) {
    const { layers, name, trainable, seed, device, pixelRange } = checkOptions('Sequential', options, optionNames);
    super({ name, trainable });
    this.seed = seedNumber('seed', seed ?? randomSeed());
    this.#streams = new WeightStreams(this.seed);
    this.#device = device;
    this.pixelRange = pixelRange;
    if (layers === undefined) return;
    if (!Array.isArray(layers)) throw new CudaGanError('CUDA_GAN_VALUE', 'layers must be an array of layers');
    for (const layer of layers) this.add(layer);
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
        `model "${this.name}" already lives on the device "${home.name}"; choose its device before its first use`,
      );
    }
    this.#device = device;
    for (const layer of this.#layers) if (layer instanceof Sequential) layer.device = device;
  }

  /** What 0 and 255 of uint8 inputs become; undefined when bytes are numbers as they are. */
  get pixelRange(): PixelRange | undefined {
    return this.#pixelRange;
  }

  /** @throws CudaGanError `CUDA_GAN_VALUE` when it is not two finite numbers, the lower first. */
  set pixelRange(range: PixelRange | undefined) {
    this.#pixelRange = range === undefined ? undefined : requirePixelRange('pixelRange', range);
  }

  get layers(): readonly Layer[] {
    return this.#layers;
  }

  /**
   * Appends a layer. As soon as the input shape is known, layers are built as they come.
   * @throws CudaGanError `CUDA_GAN_SHAPE` when it does not fit, naming the layer and the shapes; `CUDA_GAN_STATE` when
   * this model is built and part of another, or of a GAN.
   */
  add(layer: Layer): this {
    if (!(layer instanceof Layer)) {
      throw new CudaGanError('CUDA_GAN_VALUE', `model "${this.name}" was given ${inWords(layer)} for a layer`);
    }
    this.#requireNoFit('add');
    if (layer === this || (layer instanceof Sequential && layer.#contains(this))) {
      throw new CudaGanError('CUDA_GAN_VALUE', `model "${this.name}" cannot be a part of itself`);
    }
    if (this.#owner !== undefined && this.built) {
      throw new CudaGanError(
        'CUDA_GAN_STATE',
        `model "${this.name}" is part of ${this.#owner} already: add layers to it before`,
      );
    }
    if (!layer.named) {
      const label = this.#freeName(layer.name);
      layer.numberName(label);
      if (layer.name !== label) this.#labels.set(layer, label);
    }
    if (this.#layers.some((other) => this.#nameOf(other) === this.#nameOf(layer))) {
      throw new CudaGanError('CUDA_GAN_VALUE', `model "${this.name}" already has a layer named "${layer.name}"`);
    }
    const shape = this.#layers.length === 0 ? inputShapeOf(layer) : this.#outputSoFar();
    if (shape !== undefined) this.#buildLayer(layer, shape);
    this.#layers.push(layer);
    if (layer instanceof Sequential) layer.becomePartOf(`model "${this.name}"`);
    this.#state.programs.clear();
    this.#trainer?.layersChanged();
    return this;
  }

  /** Calls `train`, and lets nobody dispose of this model or its parts meanwhile. @internal */
  async whileTraining<Result>(train: () => Promise<Result>): Promise<Result> {
    this.#countTrainings(1);
    try {
      return await train();
    } finally {
      this.#countTrainings(-1);
    }
  }

  #countTrainings(change: 1 | -1): void {
    this.#trainings += change;
    for (const layer of this.#layers) if (layer instanceof Sequential) layer.#countTrainings(change);
  }

  /** From now on a built model keeps its layers, which `owner` counts on. @internal */
  becomePartOf(owner: string): void {
    this.#owner = owner;
  }

  /** Builds for samples of `inputShape`, when the first layer has not named it. Does nothing when built. */
  override build(inputShape: Shape, streams: WeightStreams = this.#streams): void {
    this.#streams = streams;
    let shape = shapeOption('inputShape', inputShape);
    for (const layer of this.#layers) {
      if (!layer.built) this.#buildLayer(layer, shape);
      if (!sameShape(layer.inputShape, shape)) {
        throw new CudaGanError(
          'CUDA_GAN_SHAPE',
          `${this.name} > ${layer.name}: is built for samples of ${formatShape(layer.inputShape)}, not of ${formatShape(shape)}`,
        );
      }
      shape = layer.outputShape;
    }
  }

  override get built(): boolean {
    return this.#layers.length > 0 && this.#layers.every(({ built }) => built);
  }

  override get inputShape(): Shape {
    return this.#requireLayers()[0]!.inputShape;
  }

  override get outputShape(): Shape {
    return this.#requireLayers().at(-1)!.outputShape;
  }

  /** @internal */
  override call(x: Value, options: CallOptions): Value {
    const { graph } = x;
    return graph.scope(this.name, () => {
      if (!this.built) this.build(x.shape.slice(1));
      if (!sameShape(x.shape.slice(1), this.inputShape)) {
        throw new CudaGanError(
          'CUDA_GAN_SHAPE',
          `${this.name} takes samples of ${formatShape(this.inputShape)}, found ${formatShape(x.shape.slice(1))}`,
        );
      }
      return this.#layers.reduce(
        (value, layer) => graph.scope(this.#nameOf(layer), () => layer.call(value, options)),
        x,
      );
    });
  }

  override get namedWeights(): readonly (readonly [name: string, variable: Variable])[] {
    return this.#layers.flatMap((layer) =>
      layer.namedWeights.map(([name, variable]) => [`${this.#nameOf(layer)}/${name}`, variable] as const),
    );
  }

  override get trainableWeights(): readonly Variable[] {
    return this.trainable ? this.#layers.flatMap((layer) => layer.trainableWeights) : [];
  }

  override get movingWeights(): readonly Variable[] {
    return this.trainable ? this.#layers.flatMap((layer) => layer.movingWeights) : [];
  }

  /** Number of weight elements. */
  countParams(): number {
    return this.weights.reduce((sum, { size }) => sum + size, 0);
  }

  /** Keras' table of layers, output shapes and parameters, handed to `print`, by default the console. */
  summary(options?: SummaryOptions): void {
    const { print = console.log } = checkOptions<SummaryOptions>('summary', options, { print: true });
    if (typeof print !== 'function') throw notAllowed('print', print, 'functions');
    this.#requireLayers();
    print(summarize(this));
  }

  /** Copies of all weights, in the order of `weights`. */
  async getWeights(): Promise<Tensor<OwnFloat32Array>[]> {
    const { device } = this;
    return Promise.all(
      this.weights.map(async (weight) => tensor((await weight.read(device)) as OwnFloat32Array, weight.shape)),
    );
  }

  /**
   * Replaces all weights, in the order of `weights`.
   * @throws CudaGanError `CUDA_GAN_SHAPE` when number or shapes differ, `CUDA_GAN_DATA` for NaN or Infinity; nothing changes then.
   */
  async setWeights(values: readonly Tensor<Float32Array>[]): Promise<void> {
    const { weights, device } = this;
    if (!Array.isArray(values)) throw new CudaGanError('CUDA_GAN_VALUE', 'setWeights takes an array of tensors');
    if (values.length !== weights.length) {
      throw new CudaGanError(
        'CUDA_GAN_SHAPE',
        `model "${this.name}" has ${weights.length} weights, found ${values.length}`,
      );
    }
    const contents = weights.map((weight, i) => requireWeight(weight, values[i]!));
    await Promise.all(weights.map((weight, i) => weight.write(contents[i]!, device)));
  }

  /**
   * Chooses how to train, and fixes what trains: as in Keras 2 and TensorFlow.js, a later change of `trainable` takes
   * effect with the next `compile`, and until then the next training warns of it once (`CUDA_GAN_TRAINABLE`). So the
   * same layers may train in one model and be frozen in another. May be called again; the optimizer's state starts anew
   * then.
   * @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name or option, `CUDA_GAN_BUSY` during `fit`.
   */
  compile(options: CompileOptions): void {
    this.#requireNoFit('compile');
    const trainer = new Trainer(this, this.#state, options);
    this.#trainer?.dispose();
    this.#trainer = trainer;
    this.#state.programs.clear();
  }

  /**
   * Trains on x [n, ...inputShape] and y [n, ...].
   * @throws CudaGanError `CUDA_GAN_STATE` before `compile`; `CUDA_GAN_BUSY` during another `fit`; `CUDA_GAN_SHAPE`,
   * `CUDA_GAN_DATA` and `CUDA_GAN_VALUE` for wrong input; `CUDA_GAN_DIVERGED` when the loss or a weight becomes NaN or
   * infinite: model and optimizer are then back at a copy of their last finite state, which is taken at most so often
   * that it costs 1 % of the time.
   */
  async fit(x: Tensor, y: Tensor, options?: FitOptions): Promise<History> {
    return this.#compiled('fit').fit(x, y, options);
  }

  /** Loss and metrics on x and y, in inference mode. @throws as `fit`. */
  async evaluate(x: Tensor, y: Tensor, options?: EvaluateOptions): Promise<Record<string, number>> {
    return this.#compiled('evaluate').evaluate(x, y, options);
  }

  /** Outputs [n, ...outputShape] for x [n, ...inputShape], in inference mode. Needs no `compile`. */
  async predict(x: Tensor, options?: EvaluateOptions): Promise<Tensor<OwnFloat32Array>> {
    return predict(this, this.#state.programs, x, options);
  }

  /** One update on one batch; loss and metrics as before the update. @throws as `fit`. */
  async trainOnBatch(x: Tensor, y: Tensor): Promise<Record<string, number>> {
    return this.#compiled('trainOnBatch').trainOnBatch(x, y);
  }

  /** Loss and metrics on one batch, in inference mode. @throws as `fit`. */
  async testOnBatch(x: Tensor, y: Tensor): Promise<Record<string, number>> {
    return this.#compiled('testOnBatch').testOnBatch(x, y);
  }

  /**
   * Makes a model from what `getConfig` returned: the same structure, with the weights that it began with.
   * @throws CudaGanError `CUDA_GAN_VALUE` when it is no such config.
   */
  static fromConfig(config: LayerConfig): Sequential {
    const { layers, ...options } = (config ?? {}) as SequentialOptions & { readonly layers?: unknown };
    if (!Array.isArray(layers) || !layers.every(isModelConfig)) {
      throw new CudaGanError('CUDA_GAN_VALUE', 'a config of a Sequential needs a list of layers');
    }
    return new Sequential({ ...options, layers: layers.map(layerFromConfig) });
  }

  /**
   * Reads a model that `save` wrote.
   * @throws CudaGanError `CUDA_GAN_FILE` when the file is missing, damaged, or holds no model.
   */
  static async load(path: string, options?: Pick<SequentialOptions, 'device'>): Promise<Sequential> {
    const { device } = checkOptions<Pick<SequentialOptions, 'device'>>('Sequential.load', options, { device: true });
    const { className, config } = await loadConfig(path);
    if (className !== 'Sequential') {
      throw new CudaGanError('CUDA_GAN_FILE', `${path} holds a ${className}, not a Sequential`);
    }
    let model: Sequential;
    try {
      model = Sequential.fromConfig(config);
    } catch (error) {
      throw mistakeOfFile(path, error);
    }
    if (device !== undefined) model.device = device;
    await model.loadWeights(path);
    return model;
  }

  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      seed: this.seed,
      ...(this.#pixelRange && { pixelRange: this.#pixelRange }),
      layers: this.#layers.map((layer) => {
        const { className, config } = modelConfig(layer);
        return { className, config: { ...config, name: this.#nameOf(layer) } };
      }),
    };
  }

  /**
   * Writes weights and structure as one safetensors file, which Python's `safetensors` reads too.
   * @throws CudaGanError `CUDA_GAN_FILE` when it cannot be written, `CUDA_GAN_DATA` when a weight is NaN or infinite; an
   * earlier file is then left as it was.
   */
  async save(path: string): Promise<void> {
    this.#requireLayers();
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
   * Replaces the weights by those of a file that `save` wrote for a model of the same structure.
   * @throws CudaGanError `CUDA_GAN_FILE` when it is not such a file; nothing changes then.
   */
  async loadWeights(path: string): Promise<void> {
    this.#requireLayers();
    const values = await loadWeights(path, this.namedWeights);
    await this.setWeights(values).catch((error: unknown) => {
      throw mistakeOfFile(path, error);
    });
  }

  /**
   * Frees the device's memory. The model starts anew from its initial weights when it is used again.
   * @throws CudaGanError `CUDA_GAN_BUSY` during `fit`.
   */
  dispose(): void {
    this.#requireNoFit('dispose');
    this.#state.programs.clear();
    this.#trainer?.dispose();
    for (const weight of this.weights) weight.dispose();
  }

  /** @internal */
  protected override createWeights(inputShape: Shape, streams: WeightStreams): Shape {
    this.build(inputShape, streams);
    return this.outputShape;
  }

  #buildLayer(layer: Layer, shape: Shape): void {
    try {
      layer.build(shape, this.#streams);
    } catch (error) {
      if (!(error instanceof CudaGanError)) throw error;
      throw new CudaGanError(error.code, `${this.name} > ${layer.name}: ${error.message}`, { cause: error });
    }
  }

  /** The device that holds weights already, if one does. */
  get #home(): Device | undefined {
    return this.weights.find((weight) => weight.device !== undefined)?.device;
  }

  /** `base`, or the first of `base_1`, `base_2`, … that no layer has. */
  #freeName(base: string): string {
    const taken = new Set(this.#layers.map((layer) => this.#nameOf(layer)));
    let name = base;
    for (let number = 1; taken.has(name); number++) name = `${base}_${number}`;
    return name;
  }

  #outputSoFar(): Shape | undefined {
    const last = this.#layers.at(-1)!;
    return last.built ? last.outputShape : undefined;
  }

  #requireLayers(): readonly Layer[] {
    if (this.#layers.length === 0) {
      throw new CudaGanError('CUDA_GAN_STATE', `model "${this.name}" has no layers yet: add some`);
    }
    return this.#layers;
  }

  #nameOf(layer: Layer): string {
    return this.#labels.get(layer) ?? layer.name;
  }

  #contains(layer: Layer): boolean {
    return this.#layers.some((own) => own === layer || (own instanceof Sequential && own.#contains(layer)));
  }

  #requireNoFit(method: string): void {
    if (!this.#inTraining) return;
    throw new CudaGanError('CUDA_GAN_BUSY', `model "${this.name}" is in training: wait for it to end before ${method}`);
  }

  get #inTraining(): boolean {
    return this.#trainings > 0 || this.#layers.some((layer) => layer instanceof Sequential && layer.#inTraining);
  }

  #compiled(method: string): Trainer {
    if (this.#trainer === undefined) {
      throw new CudaGanError('CUDA_GAN_STATE', `model "${this.name}" must be compiled before ${method}: call compile`);
    }
    return this.#trainer;
  }
}

/** An error about what a file holds, as one about the file. */
function mistakeOfFile(path: string, error: unknown): unknown {
  if (!(error instanceof CudaGanError)) return error;
  return new CudaGanError('CUDA_GAN_FILE', `${path} does not fit: ${error.message}`, { cause: error });
}

/** Makes a layer or model again from its class and options. */
function layerFromConfig({ className, config }: ModelConfig): Layer {
  if (className === 'Sequential') return Sequential.fromConfig(config);
  const LayerClass = named('layer', layerClasses, className) as new (options: LayerConfig) => Layer;
  return new LayerClass(config);
}

function inputShapeOf(layer: Layer): Shape | undefined {
  return layer.built ? layer.inputShape : layer.wantedInputShape;
}

/** A copy of what is to be the content of `weight`. */
function requireWeight(weight: Variable, value: Tensor<Float32Array>): TypedArray {
  const { shape, data } = requireTensor(`the value for weight "${weight.name}"`, value);
  if (!sameShape(weight.shape, shape)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `weight "${weight.name}" has shape ${formatShape(weight.shape)}, found ${formatShape(shape)}`,
    );
  }
  const wrong = firstNonFinite(data);
  if (wrong >= 0) {
    throw new CudaGanError('CUDA_GAN_DATA', `element ${wrong} for weight "${weight.name}" is ${data[wrong]}`);
  }
  return Float32Array.from(data);
}
