// The GAN: a generator and a discriminator, trained against each other.
import { join } from 'node:path';
import { nonEmptyText, notAllowed, seedNumber, wholeNumberIn } from '../checks.js';
import type { Precision } from '../devices/cuda.js';
import type { Device } from '../devices/device.js';
import { type DeviceChoice, resolveDevice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { isPicture } from '../images/grid.js';
import { dataVariable, requireSamples } from '../models/data.js';
import { loadModel, type Model, type Prediction } from '../models/model.js';
import type { PixelRange } from '../models/pixel-range.js';
import { ProgramCache } from '../models/program-cache.js';
import { readClocks, setClocks } from '../models/step-clock.js';
import { randomNormal } from '../ops/index.js';
import { adam } from '../optimizers/adam.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { checkOptions, type OptionNames } from '../options.js';
import { CompiledProgram } from '../program/compiled-program.js';
import { Graph } from '../program/graph.js';
import type { Variable } from '../program/variable.js';
import { randomSeed } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import {
  copyOf,
  dtypeOf,
  formatShape,
  type NamedTensor,
  type OwnFloat32Array,
  requireTensor,
  type Shape,
  type Tensor,
  tensor,
} from '../tensor.js';
import { newestCheckpoint } from '../training/checkpoints.js';
import { type Fingerprint, fingerprintOf } from '../training/fingerprint.js';
import { requireSame } from '../training/same.js';
import { type WarningCode, warn } from '../warnings.js';
import { rangeMistake } from './data-range.js';
import { type GanConfig, ganConfig, ganOptions } from './gan-config.js';
import { checkGanOptions, type GanLoadOptions, type GanOptions, loadOptionNames, requireFit } from './gan-options.js';
import type { ResumedRun, TrainingRun } from './gan-training.js';
import { GanHistory } from './history.js';
import { outputRange } from './output-range.js';
import { presets } from './presets/index.js';
import { readHistory, runFiles } from './run-folder.js';
import { type SavedGan, type SavedRun, savedRun } from './saved-run.js';
import type { Player } from './step.js';
import { maxRows, planTraining, type TrainOptions, type TrainPlan } from './train-options.js';
import { runTraining } from './training.js';

export interface GenerateOptions {
  /** Which noise: the same number gives the same images. Default: 0 at the first call, then 1, … */
  readonly seed?: number | undefined;
}

/** What `GAN.resume` takes; the rest is as the run began. */
export interface ResumeOptions extends Pick<TrainOptions, 'signal' | 'onProgress' | 'onSample' | 'callbacks'> {
  /** Default: the device that the run was on; on another one, the numbers are others. */
  readonly device?: Device | DeviceChoice | undefined;
  /** Threads of the cpu device; results do not depend on it. Default: all physical cores that the process may use. */
  readonly threads?: number | undefined;
  /** Of large matrix products on the cuda device. Default: that of the run. */
  readonly precision?: Precision | undefined;
}

const resumeOptionNames: OptionNames<ResumeOptions> = {
  signal: true,
  onProgress: true,
  onSample: true,
  callbacks: true,
  device: true,
  threads: true,
  precision: true,
};

/** What `GAN.resume` resolves to. */
export interface ResumedGan {
  readonly gan: GAN;
  /** Of the whole run, from its first step on. */
  readonly history: GanHistory;
}

const gridSize = 25;

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
  readonly #samplers = new ProgramCache<CompiledProgram>();
  #stepsDone = 0;
  #samplesTaken = 0;
  #training = false;
  readonly #warned = new Set<WarningCode>();

  /**
   * @throws CudaGanError `CUDA_GAN_SHAPE` when the networks do not fit each other, or one has several inputs or outputs;
   * `CUDA_GAN_VALUE` for a wrong option; `CUDA_GAN_NO_DEVICE` when the device is not there.
   */
  constructor(given: GanOptions = {}) {
    const options = checkGanOptions(given);
    const { seed = randomSeed(), latentDim } = options;
    this.seed = seedNumber('seed', seed);
    const imageShape = options.imageShape ?? options.discriminator?.inputShape;
    const preset = presets[options.preset ?? 'mlp'];
    const generator = options.generator ?? preset.generator({ latentDim, imageShape, seed });
    const discriminator = options.discriminator ?? preset.discriminator({ imageShape: generator.outputShape, seed });
    requireFit(generator, discriminator, options);
    const { generatorOptimizer = articleAdam(), discriminatorOptimizer = articleAdam() } = options;
    if (generatorOptimizer === discriminatorOptimizer) {
      throw new CudaGanError(
        'CUDA_GAN_VALUE',
        'both networks have the same optimizer; each needs its own, with its own state',
      );
    }
    this.device = resolveDevice(options.device, options);
    discriminator.pixelRange ??= pixelRangeFor(generator);
    generator.device = this.device;
    discriminator.device = this.device;
    for (const model of [generator, discriminator]) model.becomePartOf('a GAN');
    this.#generator = { model: generator, optimizer: generatorOptimizer };
    this.#discriminator = { model: discriminator, optimizer: discriminatorOptimizer };
  }

  get generator(): Model<Prediction> {
    return this.#generator.model;
  }

  get discriminator(): Model<Prediction> {
    return this.#discriminator.model;
  }

  /** Length of the noise vector. */
  get latentDim(): number {
    return this.generator.inputShape[0]!;
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
   * as they are. Pictures of samples are called after their `name`, `samples` where they have none.
   * @throws CudaGanError
   *   `CUDA_GAN_VALUE`, `CUDA_GAN_SHAPE`, `CUDA_GAN_DATA` for wrong input, before anything is written;
   *   `CUDA_GAN_BUSY` while another run of this GAN is under way;
   *   `CUDA_GAN_DIVERGED` when a loss or weight becomes NaN or infinite, after going back to the last good state and
   *   saving it;
   *   `CUDA_GAN_FILE` when `outDir` cannot be written to, or holds a run and `overwrite` is not true.
   */
  async train(images: NamedTensor<Uint8Array | Float32Array>, options: TrainOptions = {}): Promise<GanHistory> {
    if (this.#training) {
      throw new CudaGanError('CUDA_GAN_BUSY', 'this GAN is training already: wait for train() to end, or abort it');
    }
    const pixels = requireImages(images, this.imageShape);
    return this.#trainOn(pixels, requireName(images.name ?? 'samples'), planTraining(options));
  }

  /**
   * Images [count, ...imageShape] from fresh noise, by the generator in inference mode.
   * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong count or seed, `CUDA_GAN_NO_MEMORY` for more than there is room for.
   */
  async generate(count = gridSize, options: GenerateOptions = {}): Promise<Tensor<OwnFloat32Array>> {
    wholeNumberIn('count', count, 1, maxRows);
    const { seed = this.#samplesTaken++ } = checkOptions('gan.generate', options, { seed: true });
    seedNumber('seed', seed);
    const sampler = this.#samplers.get(String(count), () => this.#compileSampler(count));
    // Another number of the step is other noise.
    const { outputs } = await sampler.run(1, { firstStep: seed });
    return tensor(outputs.get('images') as OwnFloat32Array, [count, ...this.imageShape]);
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
   * Goes on with a run from the newest checkpoint in its folder, by the run's own settings to its own end: to the weights,
   * optimizer states and history of the run as it would have been without a break, bit for bit on the same device. Steps
   * after the checkpoint are done again, and so are calls of `onSample` and of callbacks. A run that was at its end resolves
   * at once. Classes of layers of one's own must be registered before, by `registerClass`.
   *
   * @param folder The run's `outDir`.
   * @param images The images that the run was begun with; taken as they are at the call.
   * @throws CudaGanError
   *   `CUDA_GAN_FILE` when the folder holds no checkpoint, or one of another version, or cannot be written to;
   *   `CUDA_GAN_DATA` when the images are not those of the run;
   *   `CUDA_GAN_VALUE` when the callbacks are not those of the run, of which a state was kept;
   *   else as `train`.
   */
  static async resume(
    folder: string,
    images: NamedTensor<Uint8Array | Float32Array>,
    options: ResumeOptions = {},
  ): Promise<ResumedGan> {
    nonEmptyText('folder', folder);
    const { device, threads, precision, ...listeners } = checkOptions('GAN.resume', options, resumeOptionNames);
    // Held to what they may be before anything is read; arrays may be used for something else at once.
    planTraining(listeners);
    const given = requireTensor('images', images);
    const pixels = { ...given, data: copyOf(given.data) };
    const checkpoint = await newestCheckpoint(join(folder, runFiles.checkpoints));
    const saved = savedRun(checkpoint);
    const choice = device ?? saved.gan.device.name;
    const sameDevice = choice === saved.gan.device.name;
    const chosen = resolveDevice(choice, {
      threads,
      precision: precision ?? (sameDevice ? saved.gan.device.precision : undefined),
    });
    const gan = new GAN({ ...ganOptions(saved.gan.config), device: chosen });
    gan.#goOnFrom(saved);
    const plan = planTraining({ ...saved.settings, ...listeners, outDir: folder });
    const resumed = { checkpoint, saved };
    const history = await gan.#trainOn(requireImages(pixels, gan.imageShape), saved.name, plan, resumed);
    return { gan, history };
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
    this.#samplers.clear();
    for (const { model, optimizer } of [this.#generator, this.#discriminator]) {
      model.dispose();
      optimizer.dispose();
    }
  }

  /** Takes all that it is given before the first await. */
  async #trainOn(pixels: Tensor, name: string, plan: TrainPlan, resumed?: ResumedRun): Promise<GanHistory> {
    const { outDir } = plan;
    // What cannot be saved is refused before it is trained.
    if (outDir !== undefined) this.#config();
    this.#warnOfMistakes(pixels, plan);
    const fingerprints = outDir === undefined ? [] : [fingerprintOf('images', pixels)];
    if (resumed !== undefined) requireSame('the data', fingerprints, resumed.saved.data, resumed.checkpoint.path);
    const data = dataVariable('images', pixels);
    this.#training = true;
    try {
      // Later, the array may hold something else.
      data.on(this.device);
      return await this.generator.whileTraining(() =>
        this.discriminator.whileTraining(() => this.#train(data, { plan, name, fingerprints, resumed })),
      );
    } finally {
      data.dispose();
      this.#training = false;
    }
  }

  async #train(images: Variable, { plan, name, fingerprints, resumed }: NewRun): Promise<GanHistory> {
    const history = resumed === undefined ? new GanHistory() : await historyOf(plan, resumed);
    const run: TrainingRun = {
      parts: {
        generator: this.#generator,
        discriminator: this.#discriminator,
        images,
        batchSize: plan.batchSize,
        seed: this.seed,
      },
      device: this.device,
      plan,
      name,
      firstStep: this.#stepsDone,
      sample: () => this.generate(gridSize, { seed: 0 }),
      describe: () => ({ gan: this.#saved(), name, data: fingerprints }),
      resumed,
    };
    try {
      await runTraining(run, history);
    } finally {
      this.#stepsDone += history.pretrainSteps + history.steps;
    }
    return history;
  }

  #config(): GanConfig {
    return ganConfig(this.#generator, this.#discriminator, this.seed);
  }

  /** What a checkpoint keeps of it besides the Variables. */
  #saved(): SavedGan {
    const { generator, discriminator, device } = this;
    return {
      config: this.#config(),
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

  #compileSampler(count: number): CompiledProgram {
    const graph = new Graph(this.seed, firstStream.samples);
    const noise = randomNormal(graph, [count, this.latentDim]);
    graph.output('images', this.generator.recordOne(noise, { training: false }));
    return new CompiledProgram(graph, this.device);
  }
}

interface NewRun {
  readonly plan: TrainPlan;
  readonly name: string;
  /** Of the data, where there will be checkpoints. */
  readonly fingerprints: readonly Fingerprint[];
  readonly resumed: ResumedRun | undefined;
}

/** The history up to the checkpoint. */
async function historyOf({ outDir }: TrainPlan, { saved }: ResumedRun): Promise<GanHistory> {
  const { steps, pretrainSteps, seconds } = saved.progress;
  const history = await readHistory(outDir!, steps, saved.historyBytes);
  return Object.assign(history, { pretrainSteps, seconds });
}

/** What bytes are to become: what the generator can make, -1 to 1 where its last activation leaves that open. */
function pixelRangeFor(generator: Model): PixelRange {
  const { low, high } = outputRange(generator) ?? { low: -1, high: 1 };
  return [low, high];
}

/** Adam with the article's settings. */
function articleAdam(): Optimizer {
  return adam({ learningRate: 0.0002, beta1: 0.5 });
}

function requireImages(images: Tensor, imageShape: Shape): Tensor {
  const found = requireTensor('images', images);
  if (dtypeOf(found.data) === 'int32') {
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      'images holds int32; pixels must be a Uint8Array, or a Float32Array of -1 to 1',
    );
  }
  return requireSamples('images', found, imageShape);
}

/** The name of the data, which becomes a part of file names. */
function requireName(name: string): string {
  if (typeof name === 'string' && /^[\w-]{1,100}$/.test(name)) return name;
  throw notAllowed('the name of images', name, 'texts of 1 to 100 letters a to z, digits, "_" and "-"');
}
