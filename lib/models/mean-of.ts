// Means of figures over batches of different sizes.
import type { Logs } from '../training/callbacks.js';
import type { BatchResult } from './batches.js';

/** @internal */
export class MeanOf {
  #samples = 0;
  readonly #sums = new Map<string, number>();

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
