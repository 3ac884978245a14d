// The figures of every step of a training run.
import type { OwnFloat32Array, TypedArray } from '../tensor.js';

/**
 * What a step came to: losses and accuracy as the article's script prints them, and what else the step measures. `dLayerPenalty`
 * and `gLayerPenalty` are what regularizers of layers add to a player's loss, where there are some.
 */
export interface StepFigures {
  /** From 0 on. */
  readonly step: number;
  /** Binary cross-entropy of the discriminator, mean of its real and its fake half. */
  readonly dLoss: number;
  /** Share of images, 0 to 1, that the discriminator told right (threshold 0.5). */
  readonly dAccuracy: number;
  /** Binary cross-entropy of the generator: how little its fakes pass for real. */
  readonly gLoss: number;
  readonly [figure: string]: number;
}

/**
 * What is measured besides at step 200, 400, …, after its update, on at most 32 images: figures of those steps, which others
 * do not have.
 */
export interface BalanceFigures {
  /**
   * Mean of D(x), what the discriminator says of images that it trains on: the probability that they are real, where the
   * objective knows it (`nonSaturating`, `minimax`), else the logit.
   */
  readonly dReal: number;
  /** Mean of D(G(z)), the same of generated images. */
  readonly dFake: number;
  /** Mean of D on `heldOut`, images that it does not train on; only where there are some. */
  readonly dHeldOut?: number;
  /** Euclidean norm of the gradient of the discriminator's loss, without regularizers, over its weights. */
  readonly dGradientNorm: number;
  /** Euclidean norm of the gradient of the generator's loss over its weights. */
  readonly gGradientNorm: number;
  /**
   * Root mean square distance between two generated images of a batch, divided by that of real ones: about 1 where they are as
   * varied, 0 where all are the same. Missing where all real images are the same.
   */
  readonly diversity: number;
}

/** All figures that a step may have by itself: a part that adds one of its own needs another name. @internal */
export const reservedFigures: ReadonlySet<string> = new Set([
  'step',
  'loss',
  'dLoss',
  'dAccuracy',
  'gLoss',
  'dClassLoss',
  'dClassAccuracy',
  'gClassLoss',
  'dReal',
  'dFake',
  'dHeldOut',
  'dGradientNorm',
  'gGradientNorm',
  'diversity',
  'frechetDistance',
  'precision',
  'recall',
  'classifierScore',
  'distance',
  'dataDistance',
  'generatorLearningRate',
  'discriminatorLearningRate',
]);

/** What `GAN.train` resolves to. Entry i of each array is step i. */
export class GanHistory {
  /** Steps that were done. */
  steps = 0;
  /** Steps of the discriminator alone that were done before. */
  pretrainSteps = 0;
  /** Whether an AbortSignal ended the run early. */
  aborted = false;
  /** Wall-clock time of the run; of one that was resumed, of all its parts. */
  seconds = 0;
  readonly #figures = new Map<string, GrowingArray>();

  /** All figures by name. One that a step does not have is NaN there. */
  get figures(): ReadonlyMap<string, OwnFloat32Array> {
    return new Map([...this.#figures].map(([name, { values }]) => [name, values]));
  }

  /** The discriminator's loss of every step, as `StepFigures` describes it. */
  get dLoss(): OwnFloat32Array {
    return this.#valuesOf('dLoss');
  }

  /** The discriminator's accuracy of every step, 0 to 1. */
  get dAccuracy(): OwnFloat32Array {
    return this.#valuesOf('dAccuracy');
  }

  /** The generator's loss of every step. */
  get gLoss(): OwnFloat32Array {
    return this.#valuesOf('gLoss');
  }

  /** Appends `count` steps from a run's outputs. @internal */
  append(outputs: ReadonlyMap<string, ArrayLike<number>>, count: number): void {
    if (count === 0) return;
    for (const [name, values] of outputs) this.#growing(name).append(values, count);
    this.steps += count;
    for (const figure of this.#figures.values()) figure.fill(this.steps);
  }

  /** Adds figures to those of the last step. @internal */
  amend(figures: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(figures)) this.#growing(name).setLast(value);
  }

  /** The figures of a step, those that it has. Negative numbers count from the end. */
  at(step: number): StepFigures {
    const i = step < 0 ? this.steps + step : step;
    const figures = [...this.#figures].map(([name, { values }]) => [name, values[i]!] as const);
    return { step: i, ...Object.fromEntries(figures.filter(([, value]) => !Number.isNaN(value))) } as StepFigures;
  }

  /** The mean of every figure over the steps from `begin` up to before `end` that have it. @internal */
  means(begin: number, end: number): Record<string, number> {
    const figures = [...this.#figures].map(([name, { values }]) => [name, mean(values.subarray(begin, end))] as const);
    return Object.fromEntries(figures.filter(([, value]) => !Number.isNaN(value)));
  }

  /** The figures of every step in turn. */
  *[Symbol.iterator](): Generator<StepFigures> {
    for (let step = 0; step < this.steps; step++) yield this.at(step);
  }

  #valuesOf(name: string): OwnFloat32Array {
    return this.#figures.get(name)?.values ?? new Float32Array(0);
  }

  #growing(name: string): GrowingArray {
    let figure = this.#figures.get(name);
    if (figure === undefined) {
      figure = new GrowingArray();
      figure.fill(this.steps);
      this.#figures.set(name, figure);
    }
    return figure;
  }
}

/** Numbers that are added at the end; how many there will be, nobody need know. */
class GrowingArray {
  #memory = new Float32Array(1024);
  #length = 0;

  get values(): OwnFloat32Array {
    return this.#memory.subarray(0, this.#length);
  }

  append(values: ArrayLike<number>, count: number): void {
    const begin = this.#grow(this.#length + count);
    for (let i = 0; i < count; i++) this.#memory[begin + i] = values[i]!;
  }

  setLast(value: number): void {
    this.#memory[this.#length - 1] = value;
  }

  /** Adds NaN up to `length`. */
  fill(length: number): void {
    if (length <= this.#length) return;
    const begin = this.#grow(length);
    this.#memory.fill(Number.NaN, begin, length);
  }

  /** Makes room; returns the length before. */
  #grow(length: number): number {
    if (length > this.#memory.length) {
      const larger = new Float32Array(Math.max(length, 2 * this.#memory.length));
      larger.set(this.values);
      this.#memory = larger;
    }
    const before = this.#length;
    this.#length = length;
    return before;
  }
}

/** Of the steps that have the figure. */
function mean(values: TypedArray): number {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}
