// A learning rate that changes with the updates: computed on the device, so that a step needs no word from the host.
import type { Value } from '../../program/value.js';

/** A schedule. One of your own is an object of this kind. */
export interface Schedule {
  /** What errors and files call it. */
  readonly name: string;
  /** The options of a built-in schedule, by which it is made again. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** The learning rate, a scalar, of the update behind `updates` others, a scalar too. */
  rate(updates: Value): Value;
}
