// A training under way, as callbacks see it.
import { CudaGanError } from '../errors.js';
import type { Model } from '../models/model.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { OwnFloat32Array, Tensor } from '../tensor.js';

/** @internal */
export interface TrainingOptions {
  readonly models: Readonly<Record<string, Model>>;
  readonly optimizers: Readonly<Record<string, Optimizer>>;
  readonly figures: readonly string[];
}

/** What is trained, and how to end it. Every callback is handed it as its last argument. */
export class Training {
  /** By their part: `model` in `fit`, `generator` and `discriminator` in `GAN.train`. */
  readonly models: Readonly<Record<string, Model>>;
  /** By the model that they move. */
  readonly optimizers: Readonly<Record<string, Optimizer>>;
  /** Names of the figures that epochs end with; an epoch may lack those that are not measured at every step. */
  readonly figures: readonly string[];
  #stopped = false;

  /** @internal */
  constructor({ models, optimizers, figures }: TrainingOptions) {
    this.models = models;
    this.optimizers = optimizers;
    this.figures = figures;
  }

  /** Whether a callback has ended the training. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Ends the training after the step under way, as if its epoch were complete and the last. */
  stop(): void {
    this.#stopped = true;
  }

  /** Copies of all weights: those of each model in the order of `models`. */
  async getWeights(): Promise<Tensor<OwnFloat32Array>[]> {
    return (await Promise.all(Object.values(this.models).map((model) => model.getWeights()))).flat();
  }

  /**
   * Replaces all weights by what `getWeights` gave. The models' own `setWeights` refuses that while they train.
   * @throws CudaGanError `CUDA_GAN_SHAPE` when number or shapes differ, `CUDA_GAN_DATA` for NaN or Infinity.
   */
  async setWeights(values: readonly Tensor<Float32Array>[]): Promise<void> {
    const models = Object.values(this.models);
    const count = models.reduce((sum, { weights }) => sum + weights.length, 0);
    if (!Array.isArray(values) || values.length !== count) {
      throw new CudaGanError('CUDA_GAN_SHAPE', `setWeights takes the ${count} tensors that getWeights gave`);
    }
    let begin = 0;
    for (const model of models) {
      const end = begin + model.weights.length;
      await model.replaceWeights(values.slice(begin, end));
      begin = end;
    }
  }

  /** The rates of the optimizers as figures: `learningRate`; of several, `generatorLearningRate`, … @internal */
  learningRates(): Record<string, number> {
    const optimizers = Object.entries(this.optimizers);
    const name = (part: string) => (optimizers.length === 1 ? 'learningRate' : `${part}LearningRate`);
    return Object.fromEntries(optimizers.map(([part, { learningRate }]) => [name(part), learningRate]));
  }
}
