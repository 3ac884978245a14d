// A copy of a training's last good state, to go back to when a loss or a weight is NaN or infinite.
import type { Device } from '../devices/device.js';
import type { Variable } from '../program/variable.js';
import { Snapshot } from './snapshot.js';

/** Copying takes at most this share of the time. */
const share = 0.01;

interface Copy {
  readonly snapshot: Snapshot;
  /** The step before which it was made. */
  readonly step: number;
}

/**
 * A state is good when its numbers are finite and the loss that it gives is: weights of 10³⁰ are finite, but nothing to
 * go back to.
 */
export class LastGoodState {
  readonly #device: Device;
  readonly #variables: readonly Variable[];
  #good: Copy | undefined;
  /** Made since, and finite, but its loss is not known yet. */
  #candidate: Copy | undefined;
  /** Memory for the next copy. */
  #spare: Snapshot | undefined;
  #nextTake = 0;
  #writes = -1;

  constructor(variables: readonly Variable[], device: Device) {
    this.#device = device;
    this.#variables = variables;
  }

  /** The step that `restore` goes back to. */
  get step(): number {
    return (this.#good ?? this.#candidate)?.step ?? 0;
  }

  /**
   * Copies the state before `step`, unless the last copy is so recent that copying would take too much of the time. What
   * is asked of the device after this call does not show in the copy.
   */
  async takeWhenDue(step: number): Promise<void> {
    const writes = this.#variables.reduce((sum, variable) => sum + variable.writes, 0);
    const replaced = writes !== this.#writes;
    if (performance.now() < this.#nextTake && !replaced) return;
    this.#writes = writes;
    this.#nextTake = Number.POSITIVE_INFINITY;
    // What was loaded or set since the last copy must not be lost with it.
    if (replaced) this.#good = undefined;
    await this.take(step);
  }

  /** Copies the state before `step`; returns whether it is finite. */
  async take(step: number): Promise<boolean> {
    const begun = performance.now();
    const snapshot = this.#spare ?? new Snapshot(this.#variables, this.#device);
    this.#spare = undefined;
    await snapshot.take();
    const { finite } = snapshot;
    if (finite) this.#candidate = { snapshot, step };
    else this.#spare = snapshot;
    const end = performance.now();
    this.#nextTake = end + (end - begun) / share;
    return finite;
  }

  /** The loss of `step` was finite, so a copy made before it is good. */
  confirm(step: number): void {
    if (this.#candidate === undefined || this.#candidate.step > step) return;
    this.#spare = this.#good?.snapshot;
    this.#good = this.#candidate;
    this.#candidate = undefined;
  }

  /** Brings the last good state back; without one, the state that training began with. */
  async restore(): Promise<void> {
    await (this.#good ?? this.#candidate)?.snapshot.restore();
  }
}
