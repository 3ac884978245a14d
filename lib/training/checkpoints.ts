// The checkpoints of a training under way: when one is due, its file, and which older ones stay.
import { promises } from 'node:fs';
import { join } from 'node:path';
import type { Device } from '../devices/device.js';
import { CudaGanError } from '../errors.js';
import { BackgroundWrite } from '../formats/background-write.js';
import {
  ensureFolder,
  fileError,
  isOfSystem,
  listFolderIfThere,
  removeLeftovers,
  syncFolder,
} from '../formats/files.js';
import { warnOnce } from '../warnings.js';
import { type Checkpoint, encodeData, readCheckpoint, type State, writeCheckpoint } from './checkpoint.js';
import { Snapshot } from './snapshot.js';

/** How many stay. */
const kept = 2;

/** Between two that are due by time. */
const seconds = 60;

/** Copying and writing take at most this share of the time, where nobody has said when they are due. */
const share = 0.01;

export interface CheckpointsOptions {
  readonly folder: string;
  readonly kind: string;
  readonly device: Device;
  readonly state: State;
  /** Steps between two; undefined: by time. */
  readonly interval: number | undefined;
  /** Steps that were done: the number of a checkpoint. */
  readonly step: () => number;
  /** All that is no Variable, as it is at the moment. */
  readonly describe: () => unknown;
  /** Brings to the disk what the checkpoint refers to. */
  readonly beforeWrite?: (() => Promise<void>) | undefined;
  /** Called when the first step is next: what is to be trained is on disk, and what else there was in its place may go. */
  readonly begun?: (() => Promise<void>) | undefined;
}

export class Checkpoints {
  readonly #options: CheckpointsOptions;
  readonly #snapshot: Snapshot;
  readonly #write = new BackgroundWrite();
  #due = performance.now() + 1000 * seconds;
  /** The step of the last one, or of that which the run was resumed from. */
  #last: number | undefined;

  private constructor(options: CheckpointsOptions) {
    this.#options = options;
    this.#snapshot = new Snapshot([...options.state.values()], options.device);
  }

  /**
   * Makes the folder ready, and leaves the checkpoints that it has.
   * @throws CudaGanError `CUDA_GAN_FILE` when it cannot be written to.
   */
  static async open(options: CheckpointsOptions, resumed?: Checkpoint): Promise<Checkpoints> {
    const checkpoints = new Checkpoints(options);
    const { folder, step } = options;
    await ensureFolder(folder);
    await removeLeftovers(folder);
    // What is resumed may be in another folder.
    const isHere = resumed !== undefined && (await checkpointsIn(folder)).some((found) => found.step === step());
    if (isHere) checkpoints.#last = step();
    return checkpoints;
  }

  /** Steps until the next that is due at a step; Infinity for those that are due by time. */
  get stepsAhead(): number {
    const { interval, step } = this.#options;
    return interval === undefined ? Number.POSITIVE_INFINITY : interval - (step() % interval);
  }

  /**
   * One before the first step, so that there always is one. Only when it is on disk do others go: those of a run in whose place
   * this one begins, and damaged ones that a run which is resumed has passed over.
   * @throws CudaGanError `CUDA_GAN_FILE` when it cannot be written, `CUDA_GAN_DIVERGED` when it would not be finite.
   */
  async begin(): Promise<void> {
    const { folder, begun } = this.#options;
    if (this.#last === undefined) {
      await this.#take();
      await this.#write.done();
      if (!this.#snapshot.finite) {
        throw new CudaGanError(
          'CUDA_GAN_DIVERGED',
          'a weight or an optimizer state is NaN or infinite before the first step; nothing was written',
        );
      }
    }
    for (const found of await checkpointsIn(folder)) if (found.step > this.#last!) await remove(found.path);
    await begun?.();
  }

  /** Starts to write one if it is due. Throws what an earlier write has failed with. */
  async takeWhenDue(): Promise<void> {
    this.#write.check();
    const { interval, step } = this.#options;
    if (interval === undefined) {
      if (!this.#write.busy && performance.now() >= this.#due) await this.#take();
    } else if (step() % interval === 0 && step() !== this.#last) {
      await this.#take();
    }
  }

  /** The last one, which is on disk when the promise resolves. */
  async end(): Promise<void> {
    await this.#take();
    await this.#write.done();
  }

  /** Waits for the write under way, whatever comes of it. */
  async close(): Promise<void> {
    await this.#write.done().catch(() => undefined);
  }

  /** Copies the state, and starts to write it. One with numbers that are not finite is none: the run will find that too. */
  async #take(): Promise<void> {
    const { kind, state, step, describe } = this.#options;
    await this.#write.done();
    // All of it at once: what is asked of the device after this does not show in the copy, either.
    const begun = performance.now();
    const number = step();
    const data = encodeData('what a checkpoint is to keep', describe());
    await this.#snapshot.take();
    this.#last = number;
    if (!this.#snapshot.finite) return;
    const content = { kind, state, contents: this.#snapshot.contents, ...data };
    await this.#write.start(async () => {
      await this.#put(number, content);
      const end = performance.now();
      this.#due = end + Math.max(1000 * seconds, (end - begun) / share);
    });
  }

  async #put(step: number, content: Parameters<typeof writeCheckpoint>[1]): Promise<void> {
    const { folder, beforeWrite } = this.#options;
    await beforeWrite?.();
    await writeCheckpoint(join(folder, checkpointName(step)), content);
    await syncFolder(folder);
    for (const { path } of (await checkpointsIn(folder)).slice(0, -kept)) await remove(path);
  }
}

/**
 * The newest checkpoint in a folder. One that is damaged gives way to the one before, which a warning says.
 * @throws CudaGanError `CUDA_GAN_FILE` when there is none, or none that is whole, or it cannot be read.
 */
export async function newestCheckpoint(folder: string): Promise<Checkpoint> {
  let newest: CudaGanError | undefined;
  for (const { path } of (await requireCheckpoints(folder)).reverse()) {
    try {
      const checkpoint = await readCheckpoint(path);
      if (newest !== undefined) warnOnce('CUDA_GAN_CHECKPOINT', `${newest.message}: the training goes on from ${path}`);
      return checkpoint;
    } catch (error) {
      if (!isDamage(error)) throw error;
      newest ??= error;
    }
  }
  throw newest!;
}

/** The checkpoints of a folder, one at least. @throws CudaGanError `CUDA_GAN_FILE` when there is none. */
export async function requireCheckpoints(folder: string): Promise<Found[]> {
  const found = await checkpointsIn(folder);
  if (found.length > 0) return found;
  throw new CudaGanError('CUDA_GAN_FILE', `${folder} holds no checkpoint: there is nothing to resume`);
}

/** Whether it is the file that is at fault, and not the system that could not read it. */
function isDamage(error: unknown): error is CudaGanError {
  return error instanceof CudaGanError && error.code === 'CUDA_GAN_FILE' && !isOfSystem(error.cause);
}

interface Found {
  readonly step: number;
  readonly path: string;
}

/** The file of a checkpoint after so many steps. */
export const checkpointName = (step: number) => `checkpoint-${String(step).padStart(9, '0')}.safetensors`;

/** In the order of their steps; none where there is no such folder. @throws CudaGanError `CUDA_GAN_FILE` */
export async function checkpointsIn(folder: string): Promise<Found[]> {
  const names = await listFolderIfThere(folder);
  const found = names.flatMap((name) => {
    const step = /^checkpoint-(\d+)\.safetensors$/.exec(name)?.[1];
    return step === undefined ? [] : [{ step: Number(step), path: join(folder, name) }];
  });
  return found.sort((a, b) => a.step - b.step);
}

async function remove(path: string): Promise<void> {
  try {
    await promises.rm(path, { force: true });
  } catch (error) {
    throw fileError('remove', path, error);
  }
}
