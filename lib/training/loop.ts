// The one loop of all training: steps in chunks, ends of periods, callbacks, a signal, a divergence, checkpoints.
import type { ChunkSize } from '../devices/chunk-size.js';
import type { CallbackList, Logs, Progress } from './callbacks.js';
import type { Checkpoints } from './checkpoints.js';

/** What the loop trains: a GAN, a model in `fit`. */
export interface Trainee {
  /** The next period, or the one that a checkpoint was made in; undefined when all are done. */
  nextPeriod(): Period | undefined;
  /**
   * Called when the steps are done, or the training is ended early.
   * @throws CudaGanError `CUDA_GAN_DIVERGED` when they have left a number that is not finite, after going back.
   */
  finish(): Promise<void>;
}

/** Steps between two looks at what is trained: an epoch of `fit`, the steps of a GAN up to a sample. */
export interface Period {
  /** Its number, from 0 on; undefined for one that callbacks do not hear of. */
  readonly epoch: number | undefined;
  /** Whether it was begun before, by a run that is resumed. */
  readonly begun: boolean;
  /** How many steps one call may run now; 0 when the period is over. */
  readonly stepsAhead: number;
  /** How many steps of this kind take the time of a chunk. */
  readonly chunk: ChunkSize;
  /**
   * Runs `count` steps, fewer when `signal` ends the run.
   * @throws CudaGanError `CUDA_GAN_DIVERGED` when a loss or weight is not finite, after going back.
   */
  run(count: number, signal: AbortSignal | undefined): Promise<Chunk>;
  progress(): Progress;
  /** Ends the period, also early; its figures. */
  end(): Promise<Logs>;
}

/** Steps that were run in one call. */
export interface Chunk {
  readonly steps: number;
  /** Number of the first of them within the period. */
  readonly first: number;
  /** The figures of the i-th of them. */
  figures(i: number): Logs;
}

export interface LoopOptions {
  readonly callbacks: CallbackList;
  readonly signal: AbortSignal | undefined;
  readonly checkpoints: Checkpoints | undefined;
}

/**
 * Trains until all periods are done, the signal says stop or a callback does. A stop ends the period under way as if it
 * were complete; the signal leaves it open, for a run that resumes it.
 */
export async function runLoop(trainee: Trainee, options: LoopOptions): Promise<void> {
  const { callbacks, signal, checkpoints } = options;
  let logs: Logs = {};
  await callbacks.trainBegin();
  await checkpoints?.begin();
  try {
    while (!signal?.aborted && !callbacks.training.stopped) {
      const period = trainee.nextPeriod();
      if (period === undefined) break;
      const found = await runPeriod(period, options);
      if (found === undefined) break;
      logs = found;
    }
    await trainee.finish();
  } catch (error) {
    if (!(await callbacks.diverged(error))) throw error;
  }
  // A callback that changes the weights at the end does so to the last ones, not to those that a resumed run goes on with.
  if (signal?.aborted) await checkpoints?.end();
  await callbacks.trainEnd(logs);
  if (!signal?.aborted) await checkpoints?.end();
}

/** The figures of the period, or undefined when the signal has ended it. */
async function runPeriod(period: Period, options: LoopOptions): Promise<Logs | undefined> {
  const { callbacks, signal, checkpoints } = options;
  const { epoch } = period;
  if (epoch !== undefined && !period.begun) await callbacks.epochBegin(epoch);
  while (period.stepsAhead > 0) {
    if (signal?.aborted) return undefined;
    await runChunk(period, options);
    if (callbacks.training.stopped) break;
    if (period.stepsAhead > 0) await checkpoints?.takeWhenDue();
  }
  if (signal?.aborted) return undefined;
  const logs = await period.end();
  if (epoch !== undefined) await callbacks.epochEnd(epoch, logs);
  await checkpoints?.takeWhenDue();
  return logs;
}

async function runChunk(period: Period, { callbacks, signal, checkpoints }: LoopOptions): Promise<void> {
  const hears = period.epoch !== undefined;
  const oneByOne = hears && callbacks.wantBatches;
  const most = Math.min(period.stepsAhead, checkpoints?.stepsAhead ?? Number.POSITIVE_INFINITY);
  const begun = performance.now();
  const chunk = await period.run(oneByOne ? 1 : Math.min(period.chunk.steps, most), signal);
  if (chunk.steps === 0) return;
  period.chunk.adjust(chunk.steps, (performance.now() - begun) / 1000);
  if (oneByOne) await callbacks.batchEnd(chunk.first, chunk.figures(0));
  if (hears) await callbacks.progress(() => period.progress());
}
