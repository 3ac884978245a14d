// Figures of several batches, also of different sizes: means of what is one number for a batch, and results of what is counted.
import { inWords } from '../checks.js';
import { CudaGanError } from '../errors.js';
import type { AccumulatingMetric } from '../metrics/index.js';
import type { Logs } from '../training/callbacks.js';
import type { BatchResult } from './batches.js';

/** Metrics of counts, by what their figures are called; other figures are means. */
export type Accumulating = ReadonlyMap<string, AccumulatingMetric>;

/** What figures are made of so far. */
export interface Sums {
  readonly samples: number;
  /** By figure: of values times samples, or of each count. */
  readonly sums: Readonly<Record<string, readonly number[]>>;
}

/** @internal */
export class Figures {
  readonly #accumulating: Accumulating;
  #samples: number;
  readonly #sums: Map<string, number[]>;

  /** Goes on from sums, if there are any. */
  constructor(accumulating: Accumulating, { samples, sums }: Sums = { samples: 0, sums: {} }) {
    this.#accumulating = accumulating;
    this.#samples = samples;
    this.#sums = new Map(Object.entries(sums).map(([name, numbers]) => [name, [...numbers]]));
  }

  get sums(): Sums {
    const copies = [...this.#sums].map(([name, numbers]) => [name, [...numbers]] as const);
    return { samples: this.#samples, sums: Object.fromEntries(copies) };
  }

  add({ outputs, batches, samples }: BatchResult): void {
    this.#samples += batches * samples;
    for (const [name, values] of outputs) {
      const length = values.length / batches;
      const factor = this.#accumulating.has(name) ? 1 : samples;
      const sums = this.#sums.get(name) ?? new Array<number>(length).fill(0);
      for (let i = 0; i < values.length; i++) sums[i % length]! += values[i]! * factor;
      this.#sums.set(name, sums);
    }
  }

  logs(): Logs {
    const figures = [...this.#sums].map(([name, sums]) => {
      const metric = this.#accumulating.get(name);
      return [name, metric === undefined ? sums[0]! / this.#samples : resultOf(metric, sums)] as const;
    });
    return Object.fromEntries(figures);
  }
}

/** The figures of batch number `i` of a result. @internal */
export function logsOfBatch({ outputs, batches }: BatchResult, i: number, accumulating: Accumulating): Logs {
  const figures = [...outputs].map(([name, values]) => {
    const metric = accumulating.get(name);
    const length = values.length / batches;
    const own = () => [...values.subarray(i * length, (i + 1) * length)];
    return [name, metric === undefined ? values[i]! : resultOf(metric, own())] as const;
  });
  return Object.fromEntries(figures);
}

/** @throws CudaGanError `CUDA_GAN_VALUE` for what is no number: the metric may be the user's. */
function resultOf(metric: AccumulatingMetric, sums: readonly number[]): number {
  const result: unknown = metric.result(sums);
  if (typeof result === 'number') return result;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `the result of the metric ${metric.name} is ${inWords(result)}; wanted is a number`,
  );
}
