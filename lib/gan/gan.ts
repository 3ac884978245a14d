// The GAN: a generator and a discriminator, trained against each other.
import { join } from 'node:path';
import { seedNumber, wholeNumber } from '../checks.js';
import type { Precision } from '../devices/cuda.js';
import type { Device, Executable } from '../devices/device.js';
import { type DeviceChoice, resolveDevice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { dataVariable, requireSamples } from '../models/data.js';
import { Sequential } from '../models/sequential.js';
import { randomNormal } from '../ops/random-normal.js';
import { adam } from '../optimizers/adam.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { Graph } from '../program/graph.js';
import { buildProgram } from '../program/program.js';
import type { Variable } from '../program/variable.js';
import { randomSeed } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import { dtypeOf, formatShape, type OwnFloat32Array, type Shape, sameShape, type Tensor, tensor } from '../tensor.js';
import { GanHistory } from './history.js';
import { mlpDiscriminator, mlpGenerator } from './presets.js';
import { RunFolder, runFiles } from './run-folder.js';
import type { Player } from './step.js';
import { planTraining, type TrainOptions, type TrainPlan } from './train-options.js';
import { runTraining, type TrainingRun } from './training.js';

export interface GanOptions {
  /** Length of the noise vector. Default: the generator's input, 100 for the article's. */
  readonly latentDim?: number | undefined;
  /** Shape of an image: height, width, channels. Default: the generator's output, `[28, 28, 1]` for the article's. */
  readonly imageShape?: Shape | undefined;
  /** Noise `[latentDim]` to image. Default: `mlpGenerator`. */
  readonly generator?: Sequential | undefined;
  /** Image to one number, the probability that it is real. Without a final sigmoid, its logit. Default: `mlpDiscriminator`. */
  readonly discriminator?: Sequential | undefined;
  /** Default: Adam with learning rate 0.0002 and beta1 0.5, as in the article. */
  readonly generatorOptimizer?: Optimizer | undefined;
  /** Default: as the generator's. A state of its own. */
  readonly discriminatorOptimizer?: Optimizer | undefined;
  /** Seed of the default networks' weights and of all random numbers, a whole number below 2³². Default: random. */
  readonly seed?: number | undefined;
  /** Default `auto`. */
  readonly device?: Device | DeviceChoice | undefined;
  /** Threads of the cpu device. Default: all physical cores. */
  readonly threads?: number | undefined;
  /** Of large matrix products on the cuda device. Default `float32`. */
  readonly precision?: Precision | undefined;
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
  #sampler: { readonly count: number; readonly executable: Executable } | undefined;
  #stepsDone = 0;
  #samplesTaken = 0;
  #training = false;

  /**
   * @throws CudaGanError `CUDA_GAN_SHAPE` when the networks do not fit each other, `CUDA_GAN_VALUE` for a wrong option,
   * `CUDA_GAN_NO_DEVICE` when the device is not there.
   */
  constructor(options: GanOptions = {}) {
    const { seed = randomSeed(), latentDim } = options;
    this.seed = seedNumber('seed', seed);
    if (latentDim !== undefined) wholeNumber('latentDim', latentDim, 1);
    for (const dimension of options.imageShape ?? []) wholeNumber('a dimension of imageShape', dimension, 1);
    const imageShape = options.imageShape ?? options.discriminator?.inputShape;
    const generator = options.generator ?? mlpGenerator({ latentDim, imageShape, seed });
    const discriminator = options.discriminator ?? mlpDiscriminator({ imageShape: generator.outputShape, seed });
    requireFit(generator, discriminator, options);
    const { generatorOptimizer = articleAdam(), discriminatorOptimizer = articleAdam() } = options;
    if (generatorOptimizer === discriminatorOptimizer) {
      throw new CudaGanError(
        'CUDA_GAN_VALUE',
        'both networks have the same optimizer; each needs its own, with its own state',
      );
    }
    this.device = resolveDevice(options.device, options);
    generator.device = this.device;
    discriminator.device = this.device;
    this.#generator = { model: generator, optimizer: generatorOptimizer };
    this.#discriminator = { model: discriminator, optimizer: discriminatorOptimizer };
  }

  get generator(): Sequential {
    return this.#generator.model;
  }

  get discriminator(): Sequential {
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
   * @param images [n, ...imageShape]: uint8 pixels, scaled to [-1, 1] on the way, or float32 as they are.
   * @throws CudaGanError
   *   `CUDA_GAN_VALUE`, `CUDA_GAN_SHAPE`, `CUDA_GAN_DATA` for wrong input, before anything is written;
   *   `CUDA_GAN_BUSY` while another run of this GAN is under way;
   *   `CUDA_GAN_DIVERGED` when a loss becomes NaN or infinite, after going back to the last good state and saving it;
   *   `CUDA_GAN_FILE` when `outDir` cannot be written to.
   */
  async train(images: Tensor<Uint8Array | Float32Array>, options: TrainOptions = {}): Promise<GanHistory> {
    if (this.#training) {
      throw new CudaGanError('CUDA_GAN_BUSY', 'this GAN is training already: wait for train() to end, or abort it');
    }
    this.#training = true;
    try {
      const { shape } = requireImages(images, this.imageShape);
      const plan = planTraining(options, shape[0]!);
      const data = dataVariable('images', images);
      try {
        return await this.#train(data, plan, options);
      } finally {
        data.dispose();
      }
    } finally {
      this.#training = false;
    }
  }

  /**
   * Images [count, ...imageShape] from fresh noise, by the generator in inference mode.
   * @param options.seed Which noise: the same number gives the same images. Default: 0 at the first call, then 1, …
   */
  async generate(
    count = gridSize,
    { seed = this.#samplesTaken++ }: { seed?: number } = {},
  ): Promise<Tensor<OwnFloat32Array>> {
    wholeNumber('count', count, 1);
    seedNumber('seed', seed);
    if (this.#sampler?.count !== count) {
      this.#sampler?.executable.dispose();
      this.#sampler = { count, executable: this.#compileSampler(count) };
    }
    const { outputs } = await this.#sampler.executable.run(1, { firstStep: seed });
    return tensor(outputs.get('images') as OwnFloat32Array, [count, ...this.imageShape]);
  }

  /**
   * Reads the networks of a run from its folder, to go on training or to generate.
   * @throws CudaGanError `CUDA_GAN_FILE` when a file is missing or damaged.
   */
  static async load(folder: string, options: Omit<GanOptions, 'generator' | 'discriminator'> = {}): Promise<GAN> {
    const device = resolveDevice(options.device, options);
    const generator = await Sequential.load(join(folder, runFiles.generator), { device });
    const discriminator = await Sequential.load(join(folder, runFiles.discriminator), { device });
    return new GAN({ ...options, device, generator, discriminator });
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
    this.#sampler?.executable.dispose();
    this.#sampler = undefined;
    for (const { model, optimizer } of [this.#generator, this.#discriminator]) {
      model.dispose();
      optimizer.dispose();
    }
  }

  async #train(images: Variable, plan: TrainPlan, options: TrainOptions): Promise<GanHistory> {
    const folder = options.outDir === undefined ? undefined : await RunFolder.open(options.outDir, this.imageShape);
    const history = new GanHistory(plan.steps);
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
      options,
      folder,
      firstStep: this.#stepsDone,
      sample: () => this.generate(gridSize, { seed: 0 }),
    };
    const close = async () => {
      this.#stepsDone += plan.pretrainSteps + history.steps;
      await folder?.close(this.generator, this.discriminator, history);
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

  #compileSampler(count: number): Executable {
    const graph = new Graph(this.seed, firstStream.samples);
    const noise = randomNormal(graph, [count, this.latentDim]);
    graph.output('images', this.generator.call(noise, { training: false }));
    return this.device.compile(buildProgram(graph));
  }
}

/** Adam with the article's settings. */
function articleAdam(): Optimizer {
  return adam({ learningRate: 0.0002, beta1: 0.5 });
}

/** Callers without types may hand over anything. */
function requireImages(images: Tensor, imageShape: Shape): Tensor {
  if (!ArrayBuffer.isView(images?.data) || !Array.isArray(images.shape)) {
    throw new CudaGanError('CUDA_GAN_DATA', 'images is not a tensor; make one by tensor(data, shape)');
  }
  if (dtypeOf(images.data) === 'int32') {
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      'images holds int32; pixels must be a Uint8Array, or a Float32Array of -1 to 1',
    );
  }
  return requireSamples('images', images, imageShape);
}

function requireFit(generator: Sequential, discriminator: Sequential, { latentDim, imageShape }: GanOptions): void {
  const noise = generator.inputShape;
  if (noise.length !== 1 || (latentDim !== undefined && noise[0] !== latentDim)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the generator takes samples of ${formatShape(noise)}; wanted is a vector${latentDim === undefined ? '' : ` of latentDim ${latentDim}`}`,
    );
  }
  if (imageShape !== undefined && !sameShape(generator.outputShape, imageShape)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the generator makes images of ${formatShape(generator.outputShape)}, but imageShape is ${formatShape(imageShape)}`,
    );
  }
  if (!sameShape(generator.outputShape, discriminator.inputShape)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the generator makes images of ${formatShape(generator.outputShape)}, but the discriminator takes ${formatShape(discriminator.inputShape)}`,
    );
  }
  if (!sameShape(discriminator.outputShape, [1])) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the discriminator's output is ${formatShape(discriminator.outputShape)}; wanted is [1], the probability that the image is real`,
    );
  }
}
