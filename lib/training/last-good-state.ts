// A copy of a training's last good state, to go back to when a loss or a weight is NaN or infinite.
import type { Device } from '../devices/device.js';
import type { Variable } from '../program/variable.js';
import { Snapshot } from './snapshot.js';

/** Copying takes at most this share of the time, unless the state was changed from outside. */
const share = 0.01;

interface Copy {
  readonly snapshot: Snapshot;
  /** How many updates there were before. */
  readonly updates: number;
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
  /** Counts how often somebody else has changed the state: there is no going back beyond that. */
  #generation = 0;

  constructor(variables: readonly Variable[], device: Device) {
    this.#device = device;
    this.#variables = variables;
  }

  /**
   * Copies the state after `updates`, unless the last copy is so recent that copying would take too much of the time.
   * What is asked of the device after this call does not show in the copy.
   */
  async takeWhenDue(updates: number): Promise<void> {
    // What was set, loaded, or trained in another model since must not be lost by going back beyond it.
    const changed = this.#variables.some(({ mover }) => mover !== this);
    if (performance.now() < this.#nextTake && !changed) return;
    if (changed) {
      for (const variable of this.#variables) variable.mover = this;
      this.#generation++;
      this.#spare ??= this.#good?.snapshot ?? this.#candidate?.snapshot;
      this.#good = undefined;
      this.#candidate = undefined;
    }
    this.#nextTake = Number.POSITIVE_INFINITY;
    await this.take(updates);
  }

  /** Copies the state after `updates`; returns whether it is finite. */
  async take(updates: number): Promise<boolean> {
    const begun = performance.now();
    const generation = this.#generation;
    const snapshot = this.#spare ?? new Snapshot(this.#variables, this.#device);
    this.#spare = undefined;
    try {
      await snapshot.take();
    } finally {
      const end = performance.now();
      this.#nextTake = end + (end - begun) / share;
    }
    const { finite } = snapshot;
    if (finite && generation === this.#generation) this.#candidate = { snapshot, updates };
    else this.#spare = snapshot;
    return finite;
  }

  /** The loss after `updates` was finite, so a copy made before that is good. */
  confirm(updates: number): void {
    if (this.#candidate === undefined || this.#candidate.updates > updates) return;
    this.#spare = this.#good?.snapshot;
    this.#good = this.#candidate;
    this.#candidate = undefined;
  }

  /**
   * Brings the last good state back; without one, the state that training began with. Returns after how many updates it
   * was, or undefined when there was no finite state at all.
   */
  async restore(): Promise<number | undefined> {
    const copy = this.#good ?? this.#candidate;
    await copy?.snapshot.restore();
    return copy?.updates;
  }
}
