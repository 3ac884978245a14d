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
  /** Steps of the discriminator alone that were done before. */
  pretrainSteps = 0;
  /** Whether an AbortSignal ended the run early. */
  aborted = false;
  /** Wall-clock time of the run. */
  seconds = 0;
  readonly #dLoss = new GrowingArray();
  readonly #dAccuracy = new GrowingArray();
  readonly #gLoss = new GrowingArray();

  get dLoss(): OwnFloat32Array {
    return this.#dLoss.values;
  }

  get dAccuracy(): OwnFloat32Array {
    return this.#dAccuracy.values;
  }

  get gLoss(): OwnFloat32Array {
    return this.#gLoss.values;
  }

  /** Appends `count` steps from a run's outputs. @internal */
  append(outputs: ReadonlyMap<string, ArrayLike<number>>, count: number): void {
    this.#dLoss.append(outputs.get('dLoss')!, count);
    this.#dAccuracy.append(outputs.get('dAccuracy')!, count);
    this.#gLoss.append(outputs.get('gLoss')!, count);
    this.steps += count;
  }

  /** The figures of a step. Negative numbers count from the end. */
  at(step: number): StepFigures {
    const i = step < 0 ? this.steps + step : step;
    return { step: i, dLoss: this.dLoss[i]!, dAccuracy: this.dAccuracy[i]!, gLoss: this.gLoss[i]! };
  }

  *[Symbol.iterator](): Generator<StepFigures> {
    for (let step = 0; step < this.steps; step++) yield this.at(step);
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
    const length = this.#length + count;
    if (length > this.#memory.length) {
      const larger = new Float32Array(Math.max(length, 2 * this.#memory.length));
      larger.set(this.values);
      this.#memory = larger;
    }
    for (let i = 0; i < count; i++) this.#memory[this.#length + i] = values[i]!;
    this.#length = length;
  }
}
