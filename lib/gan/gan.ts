// The GAN: a generator and a discriminator, trained against each other.
import { join } from 'node:path';
import { kindOf, nonEmptyText, notAllowed, seedNumber } from '../checks.js';
import type { Device } from '../devices/device.js';
import { resolveDevice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { isPicture } from '../images/grid.js';
import { isSavedLayer, layerFromConfig, type SavedLayer } from '../layers/registry.js';
import { modelConfig } from '../models/config.js';
import { loadModel, type Model, type Prediction, type Predictions } from '../models/model.js';
import type { PixelRange } from '../models/pixel-range.js';
import type { PlainOptimizer } from '../optimizers/index.js';
import { plainOptimizer } from '../optimizers/plain.js';
import { checkOptions, type OptionNames } from '../options.js';
import { Variable } from '../program/variable.js';
import { randomSeed } from '../random/random-stream.js';
import { formatShape, type OwnFloat32Array, type OwnInt32Array, type Shape, type Tensor, tensor } from '../tensor.js';
import { type WarningCode, warn } from '../warnings.js';
import { type ClassGrid, type ClassGridOptions, planClassGrid, repeated, sampleGridSize } from './class-grid.js';
import type { Composition } from './composition.js';
import { rangeMistake } from './data-range.js';
import { doubtsAbout } from './doubts.js';
import { cloneOf, type EmaPlan } from './ema.js';
import { type GanLoadOptions, type GanOptions, ganOptionNames, loadOptionNames, partsOf } from './gan-options.js';
import { GanHistory } from './history.js';
import { outputRange } from './output-range.js';
import { classesOf, type Player, tellsClasses } from './players.js';
import { RunFolder, runFiles } from './run-folder.js';
import { type GenerateOptions, type NoiseOptions, planNoise, planSamples, Sampler } from './sampling.js';
import { type PlainSpec, plainSpec } from './spec.js';
import { planTraining, type TrainOptions, type TrainPlan } from './train-options.js';
import { runTraining, type TrainingRun } from './training.js';
import { onDevice, requireTrainingImages, type TrainingImages } from './training-data.js';

/** A GAN as plain data: its networks, and the options that are not networks, every part by its name. */
export interface GanConfig {
  readonly generator: SavedLayer;
  readonly discriminator: SavedLayer;
  readonly objective: PlainSpec<string>;
  readonly regularizers: readonly PlainSpec<string>[];
  readonly augment: readonly PlainSpec<string>[];
  readonly updates: Composition['updates'];
  readonly discriminatorSteps: number;
  readonly ema: EmaPlan | false;
  readonly classWeight: number;
  readonly generatorOptimizer: PlainOptimizer;
  readonly discriminatorOptimizer: PlainOptimizer;
  readonly seed: number;
}

export type GanFromConfigOptions = Pick<
  GanOptions,
  'objective' | 'regularizers' | 'augment' | 'device' | 'threads' | 'precision'
>;

const fromConfigNames: OptionNames<GanFromConfigOptions> = {
  objective: true,
  regularizers: true,
  augment: true,
  device: true,
  threads: true,
  precision: true,
};

const defaultCount = 25;

/**
 * A generative adversarial network (Goodfellow et al. 2014).
 *
 * @example
 * const gan = new GAN({ seed: 1 });
 * await gan.train(images, { steps: 30000, outDir: 'runs/mnist' });
 * const digits = await gan.generate(25);
 */
export class GAN {
  readonly seed: number;
  readonly device: Device;
  readonly #generator: Player;
  readonly #discriminator: Player;
  readonly #composition: Composition;
  /** The moving average of the generator, where the composition has one. */
  readonly #average: Model<Prediction> | undefined;
  readonly #stepCount = new Variable({ name: 'steps', shape: [], dtype: 'int32' });
  readonly #sampler: Sampler;
  #stepsDone = 0;
  #samplesTaken = 0;
  #training = false;
  readonly #warned = new Set<WarningCode>();

  /**
   * @throws CudaGanError `CUDA_GAN_SHAPE` when the networks do not fit each other; `CUDA_GAN_VALUE` for a wrong option, or for
   * parts that exclude each other; `CUDA_GAN_NO_DEVICE` when the device is not there.
   */
  constructor(options: GanOptions = {}) {
    const { seed = randomSeed() } = checkOptions('new GAN', options, ganOptionNames);
    this.seed = seedNumber('seed', seed);
    const parts = partsOf(options, this.seed);
    const { generator, discriminator, composition } = parts;
    this.device = resolveDevice(options.device, options);
    discriminator.pixelRange ??= pixelRangeFor(generator);
    generator.device = this.device;
    discriminator.device = this.device;
    for (const model of [generator, discriminator]) model.becomePartOf('a GAN');
    this.#generator = { model: generator, optimizer: parts.generatorOptimizer };
    this.#discriminator = { model: discriminator, optimizer: parts.discriminatorOptimizer };
    this.#composition = composition;
    if (composition.ema !== undefined) {
      this.#average = cloneOf(generator);
      this.#average.device = this.device;
      this.#average.becomePartOf('a GAN');
    }
    this.#sampler = new Sampler(this.#average ?? generator, this.seed, this.device);
    for (const doubt of doubtsAbout(composition, discriminator)) warn('CUDA_GAN_COMPOSITION', doubt);
  }

  get generator(): Model<Prediction> {
    return this.#generator.model;
  }

  get discriminator(): Model<Prediction> {
    return this.#discriminator.model;
  }

  /** The moving average of the generator, which `generate` uses; undefined without `ema`. */
  get averagedGenerator(): Model<Prediction> | undefined {
    return this.#average;
  }

  /** Length of the noise vector. */
  get latentDim(): number {
    return this.generator.inputShapes[0]![0]!;
  }

  /** Number of classes; undefined where the networks know none. */
  get classes(): number | undefined {
    return classesOf(this.generator, this.discriminator);
  }

  get imageShape(): Shape {
    return this.generator.outputShape;
  }

  /**
   * Trains as the article's script does. Per step: one update of the discriminator on `batchSize / 2` real images
   * (drawn with replacement, target 1), one on as many fakes (made in inference mode, target 0), then one update of the
   * generator on `batchSize` noise vectors through the frozen discriminator (target 1).
   *
   * Images and options are taken as they are when it is called: the arrays may be used for something else at once.
   *
   * @param images [n, ...imageShape]: uint8 pixels, which become the discriminator's `pixelRange` on the way, or float32
   * as they are. Pictures of samples are called after their `name`, `samples` where they have none. They show 25 images, or
   * `classGrid` with 10 columns where the generator knows at most 20 classes; `onSample` is given the same.
   * @throws CudaGanError
   *   `CUDA_GAN_VALUE`, `CUDA_GAN_SHAPE`, `CUDA_GAN_DATA` for wrong input, before anything is written;
   *   `CUDA_GAN_BUSY` while another run of this GAN is under way;
   *   `CUDA_GAN_DIVERGED` when a loss or weight becomes NaN or infinite, after going back to the last good state and
   *   saving it;
   *   `CUDA_GAN_FILE` when `outDir` cannot be written to, or holds a run and `overwrite` is not true.
   */
  async train(images: TrainingImages, options: TrainOptions = {}): Promise<GanHistory> {
    if (this.#training) {
      throw new CudaGanError('CUDA_GAN_BUSY', 'this GAN is training already: wait for train() to end, or abort it');
    }
    const required = requireTrainingImages(images, this.imageShape, this.classes);
    const plan = planTraining(options, this.#composition.updates);
    // What cannot be saved is refused before it is trained.
    if (plan.outDir !== undefined) for (const model of [this.generator, this.discriminator]) modelConfig(model);
    this.#warnOfMistakes(required.images, plan);
    // Before the first await: later, the arrays may hold something else.
    const data = onDevice(required, this.device);
    this.#training = true;
    try {
      return await this.generator.whileTraining(() =>
        this.discriminator.whileTraining(() => this.#train(data, plan, required.name)),
      );
    } finally {
      for (const variable of data) variable?.dispose();
      this.#training = false;
    }
  }

  /**
   * Images [count, ...imageShape] from fresh noise, by the generator in inference mode, or by its moving average where there
   * is one.
   * @throws CudaGanError `CUDA_GAN_VALUE`, `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for what does not fit the generator,
   * `CUDA_GAN_NO_MEMORY` for more than there is room for.
   */
  async generate(count = defaultCount, options: GenerateOptions = {}): Promise<Tensor<OwnFloat32Array>> {
    const plan = planSamples(this.generator, this.classes, count, options, () => this.#samplesTaken++);
    return this.#sampler.sample(plan);
  }

  /**
   * Noise vectors [count, latentDim]: those that `generate(count, options)` makes its images of, on the same device. Images
   * that were liked can be found again by it, and walked between: see `interpolateNoise`.
   * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option; `CUDA_GAN_NO_MEMORY` for more than there is room for.
   */
  async noise(count: number, options: NoiseOptions = {}): Promise<Tensor<OwnFloat32Array>> {
    return this.#sampler.noise(planNoise(this.generator, count, options, () => this.#samplesTaken++));
  }

  /**
   * Images of every class from the same noise: what the class decides, and what the noise, is seen at a glance.
   *
   * @returns `images` [classes * columns, ...imageShape], class by class, of one noise vector per column; with `rows` and
   * `columns` for `saveGrid`.
   *
   * @example
   * const { images, rows, columns } = await gan.classGrid({ columns: 8, seed: 1 });
   * await saveGrid('classes.png', images, { rows, columns });
   *
   * @throws CudaGanError `CUDA_GAN_STATE` when the generator is given no classes; else as `generate`.
   */
  async classGrid(options: ClassGridOptions = {}): Promise<ClassGrid> {
    const { rows, columns, noise, noiseOptions } = planClassGrid(this.generator, this.classes, options);
    const row = noise ?? (await this.noise(columns, noiseOptions));
    const labels = Int32Array.from({ length: rows * columns }, (_, i) => Math.floor(i / columns));
    return { rows, columns, images: await this.generate(rows * columns, { noise: repeated(row, rows), labels }) };
  }

  /**
   * The classes that an auxiliary classifier tells, int32 [n], for images [n, ...imageShape] as `train` takes them.
   * @throws CudaGanError `CUDA_GAN_STATE` when the discriminator has no second output; else as `predict`.
   */
  async classify(images: Tensor): Promise<Tensor<OwnInt32Array>> {
    if (!tellsClasses(this.discriminator)) {
      throw new CudaGanError(
        'CUDA_GAN_STATE',
        "the discriminator tells no classes: it needs a second output for them, as conditioning 'auxiliaryClassifier' gives it",
      );
    }
    const model: Model<Predictions> = this.discriminator;
    const predictions = await model.predict(images, { batchSize: 256 });
    const { data, shape } = Object.values(predictions)[1] as Prediction;
    const classes = shape[1]!;
    const labels = Int32Array.from({ length: shape[0]! }, (_, row) => {
      const scores = data.subarray(row * classes, (row + 1) * classes);
      return scores.indexOf(Math.max(...scores));
    });
    return tensor(labels, [labels.length]);
  }

  /**
   * Everything that makes this GAN again but for its weights and their moments: plain data, for `GAN.fromConfig`. Parts of
   * your own are there by their names.
   */
  getConfig(): GanConfig {
    const { objective, regularizers, augmentations, updates, discriminatorSteps, ema, classWeight } = this.#composition;
    return {
      generator: modelConfig(this.generator),
      discriminator: modelConfig(this.discriminator),
      objective: plainSpec(objective),
      regularizers: regularizers.map(plainSpec),
      augment: augmentations.map(plainSpec),
      updates,
      discriminatorSteps,
      ema: ema ?? false,
      classWeight,
      generatorOptimizer: plainOptimizer(this.#generator.optimizer),
      discriminatorOptimizer: plainOptimizer(this.#discriminator.optimizer),
      seed: this.seed,
    };
  }

  /**
   * Makes a GAN as another was, with initial weights of its own.
   * @param options Where it is to live, and parts of your own, which a config has by name only.
   * @throws CudaGanError `CUDA_GAN_VALUE` for a part that is none of the package's and is not given; else as the constructor.
   */
  static fromConfig(config: GanConfig, options: GanFromConfigOptions = {}): GAN {
    const given = checkOptions('GAN.fromConfig', options, fromConfigNames);
    if (kindOf(config) !== 'Object') throw notAllowed('config', config, 'what gan.getConfig() returns');
    const networks = { generator: networkOf(config, 'generator'), discriminator: networkOf(config, 'discriminator') };
    return new GAN({ ...(config as object), ...networks, ...given });
  }

  /**
   * Reads the networks of a run from its folder, to go on training or to generate.
   * @throws CudaGanError `CUDA_GAN_FILE` when a file is missing or damaged; else as the constructor.
   */
  static async load(folder: string, options: GanLoadOptions = {}): Promise<GAN> {
    nonEmptyText('folder', folder);
    const taken = { ...checkOptions('GAN.load', options, loadOptionNames) };
    const device = resolveDevice(taken.device, taken);
    const generator = await loadModel(join(folder, runFiles.generator), { device });
    const discriminator = await loadModel(join(folder, runFiles.discriminator), { device });
    return new GAN({ ...taken, device, generator, discriminator });
  }

  /**
   * Frees the device's memory. A GAN that is used again begins from its first weights.
   * @throws CudaGanError `CUDA_GAN_BUSY` while `train` runs.
   */
  dispose(): void {
    if (this.#training) {
      throw new CudaGanError(
        'CUDA_GAN_BUSY',
        'this GAN is training: wait for train() to end, or abort it, before dispose()',
      );
    }
    this.#sampler.dispose();
    this.#average?.dispose();
    this.#stepCount.dispose();
    for (const { model, optimizer } of [this.#generator, this.#discriminator]) {
      model.dispose();
      optimizer.dispose();
    }
  }

  async #train(
    [images, labels]: readonly [Variable, Variable | undefined],
    plan: TrainPlan,
    name: string,
  ): Promise<GanHistory> {
    const { generator, discriminator } = this;
    const { outDir: path, overwrite } = plan;
    const grid = sampleGridSize(generator, this.classes);
    const folder =
      path === undefined ? undefined : await RunFolder.open({ path, overwrite, name, grid, generator, discriminator });
    const history = new GanHistory();
    const run: TrainingRun = {
      parts: {
        generator: this.#generator,
        discriminator: this.#discriminator,
        average: this.#average,
        composition: this.#composition,
        images,
        labels,
        stepsDone: this.#stepCount,
        batchSize: plan.batchSize,
        seed: this.seed,
      },
      device: this.device,
      plan,
      folder,
      firstStep: this.#stepsDone,
      sample: async () =>
        grid.byClass
          ? (await this.classGrid({ columns: grid.columns, seed: 0 })).images
          : this.generate(grid.rows * grid.columns, { seed: 0 }),
    };
    const close = async () => {
      this.#stepsDone += history.pretrainSteps + history.steps;
      await folder?.close(history);
    };
    try {
      await runTraining(run, history);
    } catch (error) {
      // A run that failed is saved too, but what ended it is what its caller must learn.
      await close().catch(() => undefined);
      throw error;
    }
    await close();
    return history;
  }

  /** Says what is allowed and probably not meant, each thing once. */
  #warnOfMistakes({ data }: Tensor, { outDir }: TrainPlan): void {
    const range = outputRange(this.generator);
    const [low, high] = this.discriminator.pixelRange!;
    const mistake = range && rangeMistake(data, range, { low, high });
    if (mistake !== undefined) this.#warnOnce('CUDA_GAN_DATA_RANGE', mistake);
    for (const [name, model] of Object.entries({ generator: this.generator, discriminator: this.discriminator })) {
      if (model.movingWeights.length > 0) continue;
      this.#warnOnce('CUDA_GAN_TRAINABLE', `the ${name} has nothing that trains: it stays as it is in this training`);
    }
    if (outDir === undefined || isPicture(this.imageShape)) return;
    const shapes = 'those of shape [height, width] or [height, width, channels] can';
    this.#warnOnce(
      'CUDA_GAN_NO_PICTURE',
      `samples of shape ${formatShape(this.imageShape)} cannot be drawn, so ${outDir} gets no pictures of them; ${shapes}`,
    );
  }

  #warnOnce(code: WarningCode, message: string): void {
    if (this.#warned.has(code)) return;
    this.#warned.add(code);
    warn(code, message);
  }
}

function networkOf(config: GanConfig, name: 'generator' | 'discriminator'): Model<Prediction> {
  const saved = config[name];
  if (isSavedLayer(saved)) return layerFromConfig(saved) as Model<Prediction>;
  throw notAllowed(`the ${name} of config`, saved, 'models as gan.getConfig() has them');
}

/** What bytes are to become: what the generator can make, -1 to 1 where its last activation leaves that open. */
function pixelRangeFor(generator: Model): PixelRange {
  const { low, high } = outputRange(generator) ?? { low: -1, high: 1 };
  return [low, high];
}
