// The figures of every step of a training run.
import type { OwnFloat32Array } from '../tensor.js';

/** Losses and accuracy of one step, as the article's script prints them. */
export interface StepFigures {
  /** From 0 on. */
  readonly step: number;
  /** Binary cross-entropy of the discriminator, mean of its real and its fake half. */
  readonly dLoss: number;
  /** Share of images, 0 to 1, that the discriminator told right (threshold 0.5). */
  readonly dAccuracy: number;
  /** Binary cross-entropy of the generator: how little its fakes pass for real. */
  readonly gLoss: number;
}

/** What `GAN.train` resolves to. Entry i of each array is step i. */
export class GanHistory {
  /** Steps that were done. */
  steps = 0;
  /** Whether an AbortSignal ended the run early. */
  aborted = false;
  /** Wall-clock time of the run. */
  seconds = 0;
  #dLoss: OwnFloat32Array;
  #dAccuracy: OwnFloat32Array;
  #gLoss: OwnFloat32Array;

  /** @internal */
  constructor(capacity: number) {
    this.#dLoss = new Float32Array(capacity);
    this.#dAccuracy = new Float32Array(capacity);
    this.#gLoss = new Float32Array(capacity);
  }

  get dLoss(): OwnFloat32Array {
    return this.#dLoss.subarray(0, this.steps);
  }

  get dAccuracy(): OwnFloat32Array {
    return this.#dAccuracy.subarray(0, this.steps);
  }

  get gLoss(): OwnFloat32Array {
    return this.#gLoss.subarray(0, this.steps);
  }

  /** Appends `count` steps from a run's outputs. @internal */
  append(outputs: ReadonlyMap<string, ArrayLike<number>>, count: number): void {
    const write = (target: Float32Array, name: string) => {
      const values = outputs.get(name)!;
      for (let i = 0; i < count; i++) target[this.steps + i] = values[i]!;
    };
    write(this.#dLoss, 'dLoss');
    write(this.#dAccuracy, 'dAccuracy');
    write(this.#gLoss, 'gLoss');
    this.steps += count;
  }

  /** The figures of a step. Negative numbers count from the end. */
  at(step: number): StepFigures {
    const i = step < 0 ? this.steps + step : step;
    return { step: i, dLoss: this.#dLoss[i]!, dAccuracy: this.#dAccuracy[i]!, gLoss: this.#gLoss[i]! };
  }

  *[Symbol.iterator](): Generator<StepFigures> {
    for (let step = 0; step < this.steps; step++) yield this.at(step);
  }
}
