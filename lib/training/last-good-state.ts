// A copy of the last state of a training in which all numbers were finite, to go back to when a loss is not.
import type { Device } from '../devices/device.js';
import type { Variable } from '../program/variable.js';
import { Snapshot } from './snapshot.js';

/** Copying takes at most this share of the time. */
const share = 0.01;

export class LastGoodState {
  readonly #device: Device;
  readonly #variables: readonly Variable[];
  #good: Snapshot | undefined;
  #goodStep = 0;
  /** The memory of the copy before the last good one, for the next. */
  #spare: Snapshot | undefined;
  #nextTake = 0;
  #writes = 0;

  constructor(variables: readonly Variable[], device: Device) {
    this.#device = device;
    this.#variables = variables;
  }

  /** The step before which the copy was made. */
  get step(): number {
    return this.#goodStep;
  }

  /**
   * Copies the state before `step`, unless the last copy is so recent that copying would take too much of the time. A
   * state that is not finite is not kept. What is asked of the device after this call does not show in the copy.
   */
  async takeWhenDue(step: number): Promise<void> {
    // What was loaded or set since the last copy must not be lost with it.
    const writes = this.#variables.reduce((sum, variable) => sum + variable.writes, 0);
    if (performance.now() < this.#nextTake && writes === this.#writes) return;
    this.#writes = writes;
    this.#nextTake = Number.POSITIVE_INFINITY;
    await this.take(step);
  }

  /** Copies the state before `step`; returns whether it is finite, and so the one that `restore` goes back to. */
  async take(step: number): Promise<boolean> {
    const begun = performance.now();
    const snapshot = this.#spare ?? new Snapshot(this.#variables, this.#device);
    this.#spare = undefined;
    await snapshot.take();
    const finite = snapshot.finite;
    if (finite) {
      this.#spare = this.#good;
      this.#good = snapshot;
      this.#goodStep = step;
    } else {
      this.#spare = snapshot;
    }
    const end = performance.now();
    this.#nextTake = end + (end - begun) / share;
    return finite;
  }

  /** Brings the last good state back. */
  async restore(): Promise<void> {
    await this.#good?.restore();
  }
}
