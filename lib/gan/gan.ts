// The GAN: a generator and a discriminator, trained against each other.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { kindOf, nonEmptyText, notAllowed, seedNumber, trueOrFalse } from '../checks.js';
import type { Device } from '../devices/device.js';
import { parseDevice } from '../devices/names.js';
import { resolveDevice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { drawSamples } from '../evaluation/draw-samples.js';
import { requireFeatureNetwork } from '../evaluation/feature-network.js';
import { GeneratorWatch, someOfReference, type WatchReference } from '../evaluation/generator-watch.js';
import { FolderLock } from '../formats/folder-lock.js';
import { isPicture } from '../images/grid.js';
import { loadModel } from '../models/load-model.js';
import type { Model, Prediction, Predictions } from '../models/model.js';
import type { PixelRange } from '../models/pixel-range.js';
import { readClocks, setClocks } from '../models/step-clock.js';
import { checkOptions, withoutUndefined } from '../options.js';
import { Variable } from '../program/variable.js';
import { randomSeed } from '../random/random-stream.js';
import { runFiles } from '../runs/run-files.js';
import { formatShape, type OwnFloat32Array, type OwnInt32Array, type Shape, type Tensor, tensor } from '../tensor.js';
import { newestCheckpoint, requireCheckpoints } from '../training/checkpoints.js';
import { type Fingerprint, fingerprintOf, requireSameData } from '../training/fingerprint.js';
import { type WarningCode, warn } from '../warnings.js';
import { type ClassGrid, type ClassGridOptions, classGridOf, sampleGridSize } from './class-grid.js';
import type { Composition } from './composition.js';
import { rangeMistake } from './data-range.js';
import { doubtsAbout } from './doubts.js';
import { cloneOf } from './ema.js';
import { fromConfigNames, type GanConfig, type GanFromConfigOptions, ganConfig, ganOptions } from './gan-config.js';
import { type GanLoadOptions, type GanOptions, ganOptionNames, loadOptionNames, partsOf } from './gan-options.js';
import type { ResumedRun, TrainingRun } from './gan-training.js';
import { type GeneratorMetrics, identityOf, type MetricsPlan, requireSameNetwork } from './generator-metrics.js';
import { GanHistory } from './history.js';
import type { ImageSource } from './image-source.js';
import { outputRange } from './output-range.js';
import { classesOf, type Player, takesLabels, tellsClasses } from './players.js';
import { type ResumedGan, type ResumeOptions, resumedSteps, resumeOptionNames } from './resume-options.js';
import { readHistory } from './run-folder.js';
import { type GenerateOptions, type NoiseOptions, planNoise, planSamples, Sampler } from './sampling.js';
import { loadComposition } from './saved-composition.js';
import { type SavedGan, type SavedRun, savedRun } from './saved-run.js';
import { planTraining, type TrainOptions, type TrainPlan } from './train-options.js';
import { runTraining } from './training.js';
import {
  copyOfTrainingImages,
  type DataOnDevice,
  onDevice,
  type RequiredImages,
  requireLabels,
  requireTrainingImages,
  type TrainingImages,
} from './training-data.js';

const defaultCount = 25;

/**
 * A generative adversarial network (Goodfellow et al. 2014).
 *
 * @example
 * const gan = new GAN({ seed: 1 });
 * await gan.train(images, { steps: 30000, outDir: 'runs/mnist' });
 * const digits = await gan.generate(25);
 */
export class GAN implements ImageSource {
  /** Of the networks' weights and of all random numbers. */
  readonly seed: number;
  /** Where it trains and generates. */
  readonly device: Device;
  readonly #generator: Player;
  readonly #discriminator: Player;
  readonly #composition: Composition;
  /** The moving average of the generator, where the composition has one. */
  readonly #average: Model<Prediction> | undefined;
  readonly #stepCount = new Variable({ name: 'steps', shape: [], dtype: 'int32' });
  readonly #sampler: Sampler;
  readonly #averageSampler: Sampler | undefined;
  /** Whether the average has followed the generator: before, it has weights of its own that nobody asked for. */
  #averageFollows = false;
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
    this.#sampler = new Sampler(generator, this.seed, this.device);
    this.#averageSampler = this.#average && new Sampler(this.#average, this.seed, this.device);
    for (const doubt of doubtsAbout(composition, discriminator)) warn('CUDA_GAN_COMPOSITION', doubt);
  }

  /** Noise to image. Its weights are those that `train` moves. */
  get generator(): Model<Prediction> {
    return this.#generator.model;
  }

  /** Image to what says whether it is real. Its weights are those that `train` moves. */
  get discriminator(): Model<Prediction> {
    return this.#discriminator.model;
  }

  /** The moving average of the generator, which `generate` uses once it has been trained; undefined without `ema`. */
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

  /** Whether the generator is given the class of an image. */
  get takesLabels(): boolean {
    return takesLabels(this.generator);
  }

  /** Of one image: height, width, channels. */
  get imageShape(): Shape {
    return this.generator.outputShape;
  }

  /** What is black and white in images that the discriminator is shown, and so in those that the generator makes. */
  get pixelRange(): PixelRange {
    return this.discriminator.pixelRange!;
  }

  /**
   * Trains as the GAN was composed; by default as the article's script does. Per step: one update of the discriminator on
   * `batchSize / 2` real images (drawn with replacement, target 1), one on as many fakes (made in inference mode, target 0),
   * then one update of the generator on `batchSize` noise vectors through the frozen discriminator (target 1).
   *
   * Images and options are taken as they are when it is called: the arrays may be used for something else at once.
   *
   * @param images [n, ...imageShape]: uint8 pixels, which become the discriminator's `pixelRange` on the way, or float32
   * as they are. Pictures of samples are called after their `name`, `samples` where they have none. They show 25 images, or
   * `classGrid` with 10 columns where the generator knows at most 20 classes; `onSample` is given the same.
   * @throws CudaGanError
   *   `CUDA_GAN_VALUE`, `CUDA_GAN_SHAPE`, `CUDA_GAN_DATA` for wrong input, before anything is written;
   *   `CUDA_GAN_BUSY` while another run of this GAN is under way, or another training, of whatever process, has `outDir`;
   *   `CUDA_GAN_DIVERGED` when a loss or weight becomes NaN or infinite, after going back to the last good state and
   *   saving it;
   *   `CUDA_GAN_FILE` when `outDir` cannot be written to, or holds a run and `overwrite` is not true.
   */
  async train(images: TrainingImages, options: TrainOptions = {}): Promise<GanHistory> {
    return this.trainByCommand(images, options, undefined);
  }

  /** As `train`; `command` is plain data by which the run can be begun again, for its folder. @internal */
  async trainByCommand(
    images: TrainingImages,
    options: TrainOptions,
    command: object | undefined,
  ): Promise<GanHistory> {
    if (this.#training) {
      throw new CudaGanError('CUDA_GAN_BUSY', 'this GAN is training already: wait for train() to end, or abort it');
    }
    const required = requireTrainingImages(images, this.imageShape, this.classes);
    return this.#trainOn(required, planTraining(options, this.#composition.updates), command);
  }

  /**
   * Images [count, ...imageShape] from fresh noise, by the generator in inference mode, or by its moving average where there
   * is one.
   * @throws CudaGanError `CUDA_GAN_VALUE`, `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for what does not fit the generator,
   * `CUDA_GAN_NO_MEMORY` for more than there is room for.
   */
  async generate(count = defaultCount, options: GenerateOptions = {}): Promise<Tensor<OwnFloat32Array>> {
    const { generator: model, classes } = this;
    const source = { call: 'gan.generate', role: 'generator', model, classes };
    const plan = planSamples(source, count, options, () => this.#samplesTaken++);
    return this.#samplerInUse.sample(plan);
  }

  /**
   * Noise vectors [count, latentDim]: those that `generate(count, options)` makes its images of, on the same device. Images
   * that were liked can be found again by it, and walked between: see `interpolateNoise`.
   * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option; `CUDA_GAN_NO_MEMORY` for more than there is room for.
   */
  async noise(count: number, options: NoiseOptions = {}): Promise<Tensor<OwnFloat32Array>> {
    return this.#sampler.noise(planNoise('gan.noise', this.generator, count, options, () => this.#samplesTaken++));
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
    const hint = "the generator knows no classes: it has no input for them, as the preset 'cgan' gives it";
    return classGridOf(this, options, { call: 'gan.classGrid', hint });
  }

  /** Whether the discriminator is an auxiliary classifier: it tells classes as its second output. */
  get tellsClasses(): boolean {
    return tellsClasses(this.discriminator);
  }

  /**
   * The classes that an auxiliary classifier tells, int32 [n], for images [n, ...imageShape] as `train` takes them.
   * @throws CudaGanError `CUDA_GAN_STATE` when the discriminator has no second output; else as `predict`.
   */
  async classify(images: Tensor): Promise<Tensor<OwnInt32Array>> {
    if (!this.tellsClasses) {
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
   * The share, 0 to 1, of images that an auxiliary classifier puts into the class that `labels` [n] say.
   * @throws CudaGanError `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for labels that do not fit; else as `classify`.
   */
  async accuracy(data: { readonly images: Tensor; readonly labels: Tensor }): Promise<number> {
    if (kindOf(data) !== 'Object') throw notAllowed('what accuracy is of', data, 'objects with images and labels');
    const { images, labels } = data;
    const found = (await this.classify(images)).data;
    const wanted = requireLabels('images', labels, found.length, this.classes!).data;
    return found.filter((label, i) => label === wanted[i]).length / found.length;
  }

  /**
   * Everything that makes this GAN again but for its weights and their moments: plain data, for `GAN.fromConfig`. Parts of
   * your own are there by their names.
   */
  getConfig(): GanConfig {
    const players = { generator: this.#generator, discriminator: this.#discriminator };
    return ganConfig(players, this.#composition, this.seed);
  }

  /**
   * Makes a GAN as another was, with initial weights of its own.
   * @param options Where it is to live, and parts of your own, which a config has by name only.
   * @throws CudaGanError `CUDA_GAN_VALUE` for a part that is none of the package's and is not given; else as the constructor.
   */
  static fromConfig(config: GanConfig, options: GanFromConfigOptions = {}): GAN {
    const { device, threads, precision, ...own } = checkOptions('GAN.fromConfig', options, fromConfigNames);
    return new GAN({ ...ganOptions(config, own), device, threads, precision });
  }

  /**
   * Reads the networks of a run from its folder, to go on training or to generate: with the objective, optimizers and seed of
   * the run where no others are given, and where no `preset` is. The optimizers begin anew; `GAN.resume` goes on with a run
   * that was broken off.
   * @throws CudaGanError `CUDA_GAN_FILE` when a file is missing or damaged, or there is no `best` generator; else as the constructor.
   */
  static async load(folder: string, options: GanLoadOptions = {}): Promise<GAN> {
    nonEmptyText('folder', folder);
    const { best = false, ...taken } = checkOptions('GAN.load', options, loadOptionNames);
    if (trueOrFalse('best', best)) requireBest(folder);
    // A preset is another composition.
    const own = taken.preset === undefined ? await loadComposition(folder, taken) : {};
    const device = resolveDevice(taken.device, taken);
    const generator = await loadModel(join(folder, runFiles.generator), { device });
    const discriminator = await loadModel(join(folder, runFiles.discriminator), { device });
    const averaged = existsSync(join(folder, runFiles.average));
    const gan = new GAN({ ema: averaged, ...own, ...withoutUndefined(taken), device, generator, discriminator });
    gan.#averageFollows = averaged && gan.averagedGenerator !== undefined;
    if (gan.#averageFollows) await gan.averagedGenerator!.loadWeights(join(folder, runFiles.average));
    if (best) await gan.#generatorInUse.loadWeights(join(folder, runFiles.best));
    return gan;
  }

  /**
   * Goes on with a run from the newest checkpoint in its folder, by the run's own settings to its own end, or beyond: to the weights,
   * optimizer states and history of the run as it would have been without a break, bit for bit on the same device. Steps
   * after the checkpoint are done again, and so are calls of `onSample` and of callbacks. A run that was at its end, or that a
   * callback ended, resolves at once. Classes of layers of one's own must be registered before, by `registerClass`.
   *
   * @param folder The run's `outDir`.
   * @param images The images that the run was begun with, and their labels if it had some; taken as they are at the call.
   * @throws CudaGanError
   *   `CUDA_GAN_FILE` when the folder holds no checkpoint that is whole, or one of another version, or cannot be written to;
   *   `CUDA_GAN_BUSY` while another training, of whatever process, has the folder;
   *   `CUDA_GAN_DATA` when the images are not those of the run;
   *   `CUDA_GAN_VALUE` when the callbacks are not those of the run, of which a state was kept, or for fewer steps than its own;
   *   else as `train`.
   */
  static async resume(folder: string, images: TrainingImages, options: ResumeOptions = {}): Promise<ResumedGan> {
    return GAN.resumeByCommand(folder, images, options, undefined);
  }

  /** As `resume`; `command` is that by which the run could be begun from now on, if it has changed. @internal */
  static async resumeByCommand(
    folder: string,
    images: TrainingImages,
    options: ResumeOptions,
    command: object | undefined,
  ): Promise<ResumedGan> {
    nonEmptyText('folder', folder);
    const { device, threads, precision, objective, regularizers, augment, steps, ...listeners } = checkOptions(
      'GAN.resume',
      options,
      resumeOptionNames,
    );
    // Held to what they may be before anything is read; arrays may be used for something else at once.
    const { metricsNetwork, ...others } = listeners;
    const { heldOut } = planTraining({ ...others, steps }, 'joint');
    if (metricsNetwork !== undefined) requireFeatureNetwork('metricsNetwork', metricsNetwork);
    const given = copyOfTrainingImages('images', images);
    const givenHeldOut = heldOut === undefined ? undefined : copyOfTrainingImages('heldOut', heldOut);
    const checkpoints = join(folder, runFiles.checkpoints);
    await requireCheckpoints(checkpoints);
    const lock = await FolderLock.take(folder);
    try {
      const checkpoint = await newestCheckpoint(checkpoints);
      const saved = savedRun(checkpoint);
      const total = resumedSteps(steps, saved);
      const choice = device ?? saved.gan.device.name;
      const sameDevice = typeof choice === 'string' && parseDevice(choice).name === saved.gan.device.name;
      const chosen = resolveDevice(choice, {
        threads,
        precision: precision ?? (sameDevice ? saved.gan.device.precision : undefined),
      });
      const own = withoutUndefined({ objective, regularizers, augment });
      const gan = new GAN({ ...ganOptions(saved.gan.config, own), device: chosen });
      gan.#goOnFrom(saved);
      const plan = planTraining(
        { ...saved.settings, ...listeners, steps: total, heldOut: givenHeldOut, outDir: folder },
        gan.#composition.updates,
      );
      const required = { ...requireTrainingImages(given, gan.imageShape, gan.classes), name: saved.name };
      const history = await gan.#trainOn(required, plan, command ?? saved.command, { checkpoint, saved, lock });
      return { gan, history };
    } finally {
      lock.release();
    }
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
    this.#averageSampler?.dispose();
    this.#averageFollows = false;
    this.#average?.dispose();
    this.#stepCount.dispose();
    for (const { model, optimizer } of [this.#generator, this.#discriminator]) {
      model.dispose();
      optimizer.dispose();
    }
  }

  /** Takes all that it is given before the first await. */
  async #trainOn(
    required: RequiredImages,
    plan: TrainPlan,
    command: object | undefined,
    resumed?: ResumedRun,
  ): Promise<GanHistory> {
    const { outDir } = plan;
    const { name } = required;
    const heldOut =
      plan.heldOut === undefined
        ? undefined
        : requireTrainingImages(plan.heldOut, this.imageShape, this.classes, 'heldOut');
    // What cannot be saved is refused before it is trained.
    if (outDir !== undefined) this.getConfig();
    this.#warnOfMistakes(required.images, plan);
    const fingerprints =
      outDir === undefined ? [] : [...fingerprintsOf(required), ...fingerprintsOf(heldOut, 'heldOut: ')];
    if (resumed !== undefined) {
      requireSameData(fingerprints, resumed.saved.data, resumed.checkpoint.path);
      requireSameNetwork(plan.metrics, resumed.saved.metricsNetwork);
    }
    const reference = plan.metrics && someOfReference(heldOut ?? required, plan.metrics.count, this.seed);
    // Later, the arrays may hold something else.
    const data = onDevice(required, this.device);
    const beside = heldOut && onDevice(heldOut, this.device);
    this.#training = true;
    try {
      return await this.generator.whileTraining(() =>
        this.discriminator.whileTraining(() =>
          this.#train(data, { heldOut: beside, reference, plan, name, fingerprints, command, resumed }),
        ),
      );
    } finally {
      for (const variable of [...data, ...(beside ?? [])]) variable?.dispose();
      this.#training = false;
    }
  }

  async #train(
    [images, labels]: DataOnDevice,
    { heldOut, reference, plan, name, fingerprints, command, resumed }: NewRun,
  ): Promise<GanHistory> {
    const history = resumed === undefined ? new GanHistory() : await historyOf(plan, resumed);
    const watch = reference && (await this.#watch(reference, plan));
    const grid = sampleGridSize(this);
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
      heldOut: heldOut && { images: heldOut[0], labels: heldOut[1] },
      metrics: watch && this.#metricsBy(watch, plan.metrics!, reference!),
      device: this.device,
      plan,
      name,
      grid,
      firstStep: this.#stepsDone,
      sample: async () =>
        grid.byClass
          ? (await this.classGrid({ columns: grid.columns, seed: 0 })).images
          : this.generate(grid.rows * grid.columns, { seed: 0 }),
      describe: () => ({ gan: this.#saved(), name, data: fingerprints }),
      command,
      resumed,
    };
    // There is no sample before the first step.
    this.#averageFollows = true;
    try {
      await runTraining(run, history);
    } finally {
      watch?.dispose();
      this.#stepsDone += history.pretrainSteps + history.steps;
    }
    return history;
  }

  /** Measures the data that its samples will be compared with. */
  #watch(reference: WatchReference, { metrics, heldOut }: TrainPlan): Promise<GeneratorWatch> {
    return GeneratorWatch.open({
      reference,
      count: metrics!.count,
      network: metrics!.network,
      device: this.device,
      range: this.pixelRange,
      names: { reference: heldOut === undefined ? 'images' : 'heldOut', count: 'metricsCount' },
    });
  }

  #metricsBy(watch: GeneratorWatch, plan: MetricsPlan, { images }: WatchReference): GeneratorMetrics {
    return {
      figures: watch.figures,
      basis: { network: identityOf(plan), samples: plan.count, reference: images.shape[0]! },
      measure: async () => ({ ...(await watch.measure(await drawSamples(this, watch.draws))) }),
    };
  }

  /** What `generate` makes images by. */
  get #generatorInUse(): Model<Prediction> {
    return (this.#averageFollows ? this.#average : undefined) ?? this.generator;
  }

  get #samplerInUse(): Sampler {
    return (this.#averageFollows ? this.#averageSampler : undefined) ?? this.#sampler;
  }

  /** What a checkpoint keeps of it besides the Variables. */
  #saved(): SavedGan {
    const { generator, discriminator, device } = this;
    return {
      config: this.getConfig(),
      device: { name: device.name, precision: device.precision },
      samplesTaken: this.#samplesTaken,
      clocks: { generator: readClocks(generator.clocks), discriminator: readClocks(discriminator.clocks) },
    };
  }

  #goOnFrom({ gan, progress }: SavedRun): void {
    this.#samplesTaken = gan.samplesTaken;
    this.#stepsDone = progress.firstStep;
    setClocks(this.generator.clocks, gan.clocks.generator);
    setClocks(this.discriminator.clocks, gan.clocks.discriminator);
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

interface NewRun {
  readonly heldOut: DataOnDevice | undefined;
  /** Images that samples are compared with. */
  readonly reference: WatchReference | undefined;
  readonly plan: TrainPlan;
  readonly name: string;
  /** Of the data, where there will be checkpoints. */
  readonly fingerprints: readonly Fingerprint[];
  readonly command: object | undefined;
  readonly resumed: ResumedRun | undefined;
}

/** @throws CudaGanError `CUDA_GAN_FILE` when the run has kept no best generator. */
function requireBest(folder: string): void {
  if (existsSync(join(folder, runFiles.best))) return;
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${folder} holds no best generator, ${runFiles.best}: only a run with metricsInterval keeps one, from its first measurement on`,
  );
}

/** The history up to the checkpoint. */
async function historyOf({ outDir }: TrainPlan, { saved }: ResumedRun): Promise<GanHistory> {
  const { steps, pretrainSteps, seconds } = saved.progress;
  const history = await readHistory(outDir!, steps, saved.historyBytes);
  return Object.assign(history, { pretrainSteps, seconds });
}

function fingerprintsOf(data: RequiredImages | undefined, prefix = ''): readonly Fingerprint[] {
  if (data === undefined) return [];
  const { images, labels } = data;
  const ofImages = fingerprintOf(`${prefix}images`, images);
  return labels === undefined ? [ofImages] : [ofImages, fingerprintOf(`${prefix}labels`, labels)];
}

/** What bytes are to become: what the generator can make, -1 to 1 where its last activation leaves that open. */
function pixelRangeFor(generator: Model): PixelRange {
  const { low, high } = outputRange(generator) ?? { low: -1, high: 1 };
  return [low, high];
}
