// The GAN: a generator and a discriminator, trained against each other.
import type { Device, Executable } from '../devices/device.js';
import { type DeviceChoice, resolveDevice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import type { Sequential } from '../models/sequential.js';
import { randomNormal } from '../ops/random-normal.js';
import { adam } from '../optimizers/adam.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { Graph } from '../program/graph.js';
import { buildProgram } from '../program/program.js';
import { Variable } from '../program/variable.js';
import { formatShape, type Shape, sameShape, type Tensor, tensor } from '../tensor.js';
import { GanHistory } from './history.js';
import { requireImages } from './images.js';
import { mlpDiscriminator, mlpGenerator } from './presets.js';
import { isPicture, RunFolder } from './run-folder.js';
import { recordPretrainingStep, recordStep, type StepParts } from './step.js';
import { divergenceError, StepRunner } from './step-runner.js';
import { planTraining, type TrainOptions, type TrainPlan, wholeNumber } from './train-options.js';

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
}

/** Time between two looks at a run in progress. */
const secondsPerChunk = 0.1;

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
  readonly latentDim: number;
  readonly imageShape: Shape;
  readonly generator: Sequential;
  readonly discriminator: Sequential;
  readonly seed: number;
  readonly device: Device;
  readonly #generatorOptimizer: Optimizer;
  readonly #discriminatorOptimizer: Optimizer;
  #sampler: { readonly count: number; readonly executable: Executable } | undefined;
  #stepsDone = 0;
  #samplesTaken = 0;
  #training = false;

  /**
   * @throws CudaGanError `CUDA_GAN_SHAPE` when the networks do not fit each other, `CUDA_GAN_VALUE` for a wrong option,
   * `CUDA_GAN_NO_DEVICE` when the device is not there.
   */
  constructor(options: GanOptions = {}) {
    this.seed = options.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : requireSeed(options.seed);
    const { latentDim, imageShape } = options;
    if (latentDim !== undefined) wholeNumber('latentDim', latentDim, 1);
    for (const dimension of imageShape ?? []) wholeNumber('a dimension of imageShape', dimension, 1);
    const shape = imageShape ?? options.discriminator?.inputShape ?? options.generator?.outputShape;
    this.device = resolveDevice(options.device, { threads: options.threads });
    this.generator = options.generator ?? mlpGenerator({ latentDim, imageShape: shape, seed: this.seed });
    this.discriminator =
      options.discriminator ?? mlpDiscriminator({ imageShape: this.generator.outputShape, seed: this.seed });
    this.latentDim = requireVector('the generator takes', this.generator.inputShape);
    this.imageShape = this.generator.outputShape;
    requirePlayers(this.generator, this.discriminator, options);
    this.generator.device = this.device;
    this.discriminator.device = this.device;
    this.#generatorOptimizer = options.generatorOptimizer ?? articleAdam();
    this.#discriminatorOptimizer = options.discriminatorOptimizer ?? articleAdam();
    if (this.#generatorOptimizer === this.#discriminatorOptimizer) {
      throw new CudaGanError(
        'CUDA_GAN_VALUE',
        'generator and discriminator need an optimizer each: its state is per network',
      );
    }
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
    const data = new Variable({
      name: 'images',
      shape: images.shape ?? [],
      dtype: images.data instanceof Uint8Array ? 'uint8' : 'float32',
      initial: () => images.data,
    });
    try {
      requireImages(images, this.imageShape);
      const plan = planTraining(options, images.shape[0]!);
      return await this.#train(data, plan, options);
    } finally {
      data.dispose();
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
  ): Promise<Tensor<Float32Array>> {
    wholeNumber('count', count, 1);
    requireSeed(seed);
    if (this.#sampler?.count !== count) {
      this.#sampler?.executable.dispose();
      this.#sampler = { count, executable: this.#compileSampler(count) };
    }
    const { outputs } = await this.#sampler.executable.run(1, { firstStep: seed });
    return tensor(outputs.get('images') as Float32Array, [count, ...this.imageShape]);
  }

  async #train(images: Variable, plan: TrainPlan, options: TrainOptions): Promise<GanHistory> {
    const parts: StepParts = {
      generator: { model: this.generator, optimizer: this.#generatorOptimizer },
      discriminator: { model: this.discriminator, optimizer: this.#discriminatorOptimizer },
      images,
      batchSize: plan.batchSize,
      seed: this.seed,
    };
    const folder = options.outDir === undefined ? undefined : await RunFolder.open(options.outDir);
    const history = new GanHistory(plan.steps);
    try {
      await this.#pretrain(parts, plan.pretrainSteps, options.signal);
      await this.#runSteps(recordStep(parts), plan, options, history, folder);
    } finally {
      await folder?.saveModels(this.generator, this.discriminator);
      await folder?.close(history);
    }
    return history;
  }

  async #pretrain(parts: StepParts, steps: number, signal: AbortSignal | undefined): Promise<void> {
    if (steps === 0) return;
    const runner = new StepRunner(recordPretrainingStep(parts), this.device, this.#stepsDone);
    const first = this.#stepsDone;
    try {
      const { divergence } = await runner.run(steps, signal);
      this.#stepsDone = runner.step;
      if (divergence !== undefined) throw divergenceError(divergence, first);
    } finally {
      runner.dispose();
    }
  }

  async #runSteps(
    graph: Graph,
    { steps, sampleInterval }: TrainPlan,
    { signal, onProgress, onSample }: TrainOptions,
    history: GanHistory,
    folder: RunFolder | undefined,
  ): Promise<void> {
    const first = this.#stepsDone;
    const runner = new StepRunner(graph, this.device, first);
    const start = performance.now();
    const isSample = (step: number) => step % sampleInterval === 0 || step === steps - 1;
    let chunk = 1;
    try {
      while (history.steps < steps) {
        const begun = performance.now();
        const from = history.steps;
        const result = await runner.run(Math.min(chunk, stepsToSample(from, isSample)), signal);
        history.append(result.outputs, result.steps);
        history.seconds = (performance.now() - start) / 1000;
        this.#stepsDone = runner.step;
        await folder?.append(history, from);
        if (result.divergence !== undefined) throw divergenceError(result.divergence, first);
        if (result.steps > 0) {
          const figures = history.at(-1);
          if (isSample(figures.step)) await this.#sample(figures, folder, onSample);
          const secondsPerStep = history.seconds / history.steps;
          onProgress?.({
            ...figures,
            steps,
            stepsPerSecond: 1 / secondsPerStep,
            secondsLeft: secondsPerStep * (steps - history.steps),
          });
        }
        if (signal?.aborted && history.steps < steps) {
          history.aborted = true;
          return;
        }
        chunk = nextChunk(chunk, result.steps, (performance.now() - begun) / 1000);
      }
    } finally {
      runner.dispose();
    }
  }
}
