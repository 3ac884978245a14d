// The files of a run that another is to replace: out of the way until that has begun, and back where it does not.
import { promises } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileError } from '../formats/files.js';
import { allFilesOfRun, removeRun, runFiles } from './run-files.js';

/** A folder within that of the run. */
const hidden = '.replaced';

export interface SetAside {
  /** The new run has begun: the old one goes. */
  discard(): Promise<void>;
  /** It has not, and will not: what it has written goes, and the old one is there again. Does nothing after `discard`. */
  restore(): Promise<void>;
}

/** Moves all files of the run away. @throws CudaGanError `CUDA_GAN_FILE` when that fails. */
export async function setAside(path: string): Promise<SetAside> {
  const place = join(path, hidden);
  await move(path, place);
  let isOpen = true;
  return {
    discard: async () => {
      isOpen = false;
      await remove(place);
    },
    restore: async () => {
      if (!isOpen) return;
      isOpen = false;
      await removeRun(path);
      await move(place, path);
      await remove(place);
    },
  };
}

/**
 * Brings back what a process has moved away that was killed before its own run began: to be called before anything is asked of the
 * folder.
 * @throws CudaGanError `CUDA_GAN_FILE` when that fails.
 */
export async function bringBack(path: string): Promise<void> {
  const place = join(path, hidden);
  const begun = (await allFilesOfRun(path)).some((file) => dirname(file) === runFiles.checkpoints);
  if (!begun) await move(place, path);
  await remove(place);
}

async function move(from: string, to: string): Promise<void> {
  for (const file of await allFilesOfRun(from)) {
    try {
      await promises.mkdir(dirname(join(to, file)), { recursive: true });
      await promises.rename(join(from, file), join(to, file));
    } catch (error) {
      throw fileError('move', join(from, file), error);
    }
  }
}

async function remove(place: string): Promise<void> {
  await promises.rm(place, { recursive: true, force: true }).catch((error: unknown) => {
    throw fileError('remove', place, error);
  });
}
