// A copy of everything that training changes, to go back to.
import type { Device } from '../devices/device.js';
import type { Variable } from '../program/variable.js';
import { createTypedArray, firstNonFinite, type TypedArray } from '../tensor.js';

export class Snapshot {
  readonly #device: Device;
  readonly #copies: readonly { readonly variable: Variable; readonly data: TypedArray }[];

  /** Allocates once: `take` and `restore` reuse the memory. */
  constructor(variables: readonly Variable[], device: Device) {
    this.#device = device;
    this.#copies = variables.map((variable) => ({ variable, data: createTypedArray(variable.dtype, variable.size) }));
  }

  /** Whether all numbers of the copy are finite. */
  get finite(): boolean {
    return this.#copies.every(({ data }) => firstNonFinite(data) < 0);
  }

  async take(): Promise<void> {
    await Promise.all(this.#copies.map(({ variable, data }) => variable.on(this.#device).read(data)));
  }

  async restore(): Promise<void> {
    await Promise.all(this.#copies.map(({ variable, data }) => variable.on(this.#device).write(data)));
  }
}
