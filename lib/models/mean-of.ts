// Means of figures over batches of different sizes.
import type { Logs } from '../training/callbacks.js';
import type { BatchResult } from './batches.js';

/** What a mean is made of so far. */
export interface Sums {
  readonly samples: number;
  readonly sums: Readonly<Record<string, number>>;
}

/** @internal */
export class MeanOf {
  #samples: number;
  readonly #sums: Map<string, number>;

  /** Goes on from `sums`, if there are any. */
  constructor({ samples, sums }: Sums = { samples: 0, sums: {} }) {
    this.#samples = samples;
    this.#sums = new Map(Object.entries(sums));
  }

  get sums(): Sums {
    return { samples: this.#samples, sums: Object.fromEntries(this.#sums) };
  }

  add({ outputs, batches, samples }: BatchResult): void {
    this.#samples += batches * samples;
    for (const [name, values] of outputs) {
      for (const value of values) this.#sums.set(name, (this.#sums.get(name) ?? 0) + value * samples);
    }
  }

  logs(): Logs {
    return Object.fromEntries([...this.#sums].map(([name, sum]) => [name, sum / this.#samples]));
  }
}

/** The figures of batch number `i` of a result. @internal */
export function logsOfBatch({ outputs }: BatchResult, i: number): Logs {
  return Object.fromEntries([...outputs].map(([name, values]) => [name, values[i]!]));
}
