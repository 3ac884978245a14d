// A training of a model by `fit`: its epochs, each a pass over the data and a look at the validation data.
import { RandomStream } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import type { Logs, Progress } from '../training/callbacks.js';
import type { Chunk, Period, Trainee } from '../training/loop.js';
import { paceOf } from '../training/pace.js';
import { type Batches, type BatchResult, type Pass, rowNumbers } from './batches.js';
import { type Accumulating, Figures, logsOfBatch, type Sums } from './figures.js';
import type { History } from './fit-options.js';
import type { StepClock } from './step-clock.js';

export interface FitParts {
  readonly seed: number;
  readonly clock: StepClock;
  readonly batches: Batches;
  readonly rows: number;
  /** Which of the figures of a batch are counts. */
  readonly accumulating: Accumulating;
  readonly initialEpoch: number;
  readonly epochs: number;
  readonly shuffle: boolean;
  /** Runs batches, and goes back when they diverge. `where` says in which batch of which epoch, for the error. */
  readonly guard: (run: () => Promise<BatchResult>, where: (batch: number) => string) => Promise<BatchResult>;
  /** Makes sure that the weights are finite. */
  readonly requireFinite: () => Promise<void>;
  /** The figures on the validation data, under their names in the history. */
  readonly validate: (() => Promise<Logs>) | undefined;
  /** Where it goes on. */
  readonly resumed: FitProgress | undefined;
}

interface EndedEpoch {
  readonly epoch: number;
  readonly logs: Logs;
}

/** An epoch that was begun and has not ended. */
interface OpenEpoch {
  readonly epoch: number;
  /** Number of the step that its first batch is. */
  readonly firstStep: number;
  /** Its batches that were run, and their figures. */
  readonly done: number;
  readonly sums: Sums;
}

/** How far a training is, for a checkpoint. */
export interface FitProgress {
  readonly ended: readonly EndedEpoch[];
  readonly open?: OpenEpoch | undefined;
  readonly nextEpoch: number;
  /** The rows in the order of the latest epoch. */
  readonly order: Int32Array;
  readonly batchesDone: number;
}

export class Fit implements Trainee {
  readonly #parts: FitParts;
  readonly #order: Int32Array;
  readonly #ended: EndedEpoch[];
  readonly #start = performance.now();
  /** Batches that were run before this `fit`. */
  readonly #batchesBefore: number;
  #open:
    | { readonly epoch: number; readonly firstStep: number; readonly pass: Pass; readonly figures: Figures }
    | undefined;
  #nextEpoch: number;
  #batchesDone: number;

  constructor(parts: FitParts) {
    const { resumed } = parts;
    this.#parts = parts;
    this.#order = resumed?.order ?? rowNumbers(parts.rows);
    this.#ended = [...(resumed?.ended ?? [])];
    this.#nextEpoch = resumed?.nextEpoch ?? parts.initialEpoch;
    this.#batchesDone = resumed?.batchesDone ?? 0;
    this.#batchesBefore = this.#batchesDone;
    if (resumed?.open !== undefined) this.#begin(resumed.open);
  }

  /** Batches that were run, in all its epochs. */
  get batchesDone(): number {
    return this.#batchesDone;
  }

  get progress(): FitProgress {
    const open = this.#open;
    return {
      ended: this.#ended,
      open: open && { epoch: open.epoch, firstStep: open.firstStep, done: open.pass.done, sums: open.figures.sums },
      nextEpoch: this.#nextEpoch,
      order: this.#order,
      batchesDone: this.#batchesDone,
    };
  }

  nextPeriod(): Period | undefined {
    const { batches, clock, seed, shuffle, epochs } = this.#parts;
    if (this.#open !== undefined) return this.#period(true);
    if (this.#nextEpoch >= epochs) return undefined;
    const firstStep = clock.takeSteps(batches.count);
    const orderNumber = firstStream.shuffling + clock.takeEpoch();
    if (shuffle) new RandomStream(seed, orderNumber).shuffle(this.#order);
    this.#begin({ epoch: this.#nextEpoch++, firstStep, done: 0, sums: new Figures(this.#parts.accumulating).sums });
    return this.#period(false);
  }

  async finish(): Promise<void> {
    await this.#parts.requireFinite();
  }

  history(): History {
    const names = new Set(this.#ended.flatMap(({ logs }) => Object.keys(logs)));
    const valuesOf = (name: string) => this.#ended.map(({ logs }) => logs[name] ?? Number.NaN);
    return {
      epoch: this.#ended.map(({ epoch }) => epoch),
      history: Object.fromEntries([...names].map((name) => [name, valuesOf(name)])),
    };
  }

  #begin({ epoch, firstStep, done, sums }: OpenEpoch): void {
    const pass = this.#parts.batches.pass({ order: this.#order, firstStep, done });
    this.#open = { epoch, firstStep, pass, figures: new Figures(this.#parts.accumulating, sums) };
  }

  #period(begun: boolean): Period {
    const { guard, validate, accumulating } = this.#parts;
    const { epoch, pass, figures } = this.#open!;
    return {
      epoch,
      begun,
      get stepsAhead() {
        return pass.stepsAhead;
      },
      get chunk() {
        return pass.chunk;
      },
      run: async (count, signal) => {
        const where = (batch: number) => `in epoch ${epoch}, batch ${batch}`;
        const result = await guard(() => pass.run(count, signal), where);
        this.#batchesDone += result.batches;
        figures.add(result);
        return chunkOf(result, accumulating);
      },
      progress: () => this.#progressOf(epoch, pass.done, figures.logs()),
      end: async () => {
        const logs = { ...figures.logs(), ...(await validate?.()) };
        this.#ended.push({ epoch, logs });
        this.#open = undefined;
        return logs;
      },
    };
  }

  #progressOf(epoch: number, done: number, logs: Logs): Progress {
    const { initialEpoch, epochs, batches } = this.#parts;
    const steps = (epochs - initialEpoch) * batches.count;
    const step = (epoch - initialEpoch) * batches.count + done - 1;
    const seconds = (performance.now() - this.#start) / 1000;
    return { ...logs, step, steps, ...paceOf(this.#batchesDone - this.#batchesBefore, seconds, steps - step - 1) };
  }
}

function chunkOf(result: BatchResult, accumulating: Accumulating): Chunk {
  return { steps: result.batches, first: result.first, figures: (i) => logsOfBatch(result, i, accumulating) };
}
