// A training of a model by `fit`: its epochs, each a pass over the data and a look at the validation data.
import { RandomStream } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import type { Logs, Progress } from '../training/callbacks.js';
import type { Chunk, Period, Trainee } from '../training/loop.js';
import { paceOf } from '../training/pace.js';
import { type Batches, type BatchResult, type Pass, rowNumbers } from './batches.js';
import type { History } from './fit-options.js';
import { logsOfBatch, MeanOf } from './mean-of.js';
import type { StepClock } from './step-clock.js';

export interface FitParts {
  readonly seed: number;
  readonly clock: StepClock;
  readonly batches: Batches;
  readonly rows: number;
  readonly initialEpoch: number;
  readonly epochs: number;
  readonly shuffle: boolean;
  /** Runs batches, and goes back when they diverge. `where` says in which batch of which epoch, for the error. */
  readonly guard: (run: () => Promise<BatchResult>, where: (batch: number) => string) => Promise<BatchResult>;
  /** Makes sure that the weights are finite. */
  readonly requireFinite: () => Promise<void>;
  /** The figures on the validation data, under their names in the history. */
  readonly validate: (() => Promise<Logs>) | undefined;
}

interface EndedEpoch {
  readonly epoch: number;
  readonly logs: Logs;
}

export class Fit implements Trainee {
  readonly #parts: FitParts;
  readonly #order: Int32Array;
  readonly #ended: EndedEpoch[] = [];
  readonly #start = performance.now();
  #nextEpoch: number;
  #stepsDone = 0;

  constructor(parts: FitParts) {
    this.#parts = parts;
    this.#order = rowNumbers(parts.rows);
    this.#nextEpoch = parts.initialEpoch;
  }

  nextPeriod(): Period | undefined {
    const { batches, clock, seed, shuffle, epochs } = this.#parts;
    if (this.#nextEpoch >= epochs) return undefined;
    const firstStep = clock.takeSteps(batches.count);
    const orderNumber = firstStream.shuffling + clock.takeEpoch();
    if (shuffle) new RandomStream(seed, orderNumber).shuffle(this.#order);
    return this.#period(this.#nextEpoch++, batches.pass({ order: this.#order, firstStep }), new MeanOf());
  }

  async finish(): Promise<void> {
    await this.#parts.requireFinite();
  }

  history(): History {
    const history: Record<string, number[]> = {};
    for (const { logs } of this.#ended) {
      for (const [name, value] of Object.entries(logs)) history[name] = [...(history[name] ?? []), value];
    }
    return { epoch: this.#ended.map(({ epoch }) => epoch), history };
  }

  #period(epoch: number, pass: Pass, mean: MeanOf): Period {
    const { guard, validate } = this.#parts;
    return {
      epoch,
      begun: false,
      get stepsAhead() {
        return pass.stepsAhead;
      },
      get chunk() {
        return pass.chunk;
      },
      run: async (count, signal) => {
        const where = (batch: number) => `in epoch ${epoch}, batch ${batch}`;
        const result = await guard(() => pass.run(count, signal), where);
        this.#stepsDone += result.batches;
        mean.add(result);
        return chunkOf(result);
      },
      progress: () => this.#progress(epoch, pass.done, mean.logs()),
      end: async () => {
        const logs = { ...mean.logs(), ...(await validate?.()) };
        this.#ended.push({ epoch, logs });
        return logs;
      },
    };
  }

  #progress(epoch: number, done: number, logs: Logs): Progress {
    const { initialEpoch, epochs, batches } = this.#parts;
    const steps = (epochs - initialEpoch) * batches.count;
    const step = (epoch - initialEpoch) * batches.count + done - 1;
    const seconds = (performance.now() - this.#start) / 1000;
    return { ...logs, step, steps, ...paceOf(this.#stepsDone, seconds, steps - step - 1) };
  }
}

function chunkOf(result: BatchResult): Chunk {
  return { steps: result.batches, first: result.first, figures: (i) => logsOfBatch(result, i) };
}
