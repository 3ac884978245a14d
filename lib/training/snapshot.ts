// A copy of everything that training changes, to go back to.
import type { Device, KeptArray } from '../devices/device.js';
import type { Variable } from '../program/variable.js';
import { createTypedArray, firstNonFinite } from '../tensor.js';

const { fround } = Math; // once: jest's sandbox is slow to look up a global

export class Snapshot {
  readonly #device: Device;
  readonly #copies: readonly { readonly variable: Variable; readonly data: KeptArray }[];

  /** Allocates once: `take` and `restore` reuse the memory. */
  constructor(variables: readonly Variable[], device: Device) {
    this.#device = device;
    this.#copies = variables.map((variable) => ({ variable, data: keptArray(variable, device) }));
  }

  /** Whether all numbers of the copy are finite, as float32. */
  get finite(): boolean {
    return this.#copies.every(({ data }) => isFinite32(data));
  }

  /** The copies, in the order of the Variables: the next `take` overwrites them. */
  get contents(): readonly KeptArray[] {
    return this.#copies.map(({ data }) => data);
  }

  async take(): Promise<void> {
    await Promise.all(this.#copies.map(async ({ variable, data }) => variable.on(this.#device).read(data)));
  }

  async restore(): Promise<void> {
    await Promise.all(this.#copies.map(async ({ variable, data }) => variable.on(this.#device).write(data)));
  }
}

/** Room for all that a device keeps of a Variable. */
function keptArray({ dtype, size }: Variable, { keeps }: Device): KeptArray {
  return dtype === 'float32' && keeps === 'float64' ? new Float64Array(size) : createTypedArray(dtype, size);
}

function isFinite32(data: KeptArray): boolean {
  if (!isFloat64(data)) return firstNonFinite(data) < 0;
  for (let i = 0; i < data.length; i++) if (fround(data[i]!) * 0 !== 0) return false;
  return true;
}

/** Arrays of another realm are no instances of this realm's classes. */
function isFloat64(data: KeptArray): data is Float64Array {
  return data.BYTES_PER_ELEMENT === 8;
}
