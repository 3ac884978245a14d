// The files of a run, by whatever kind of model: what they are called, and whether a folder holds some.
import { existsSync, promises, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CudaGanError } from '../errors.js';
import { ensureFolder, fileError, listFolderIfThere } from '../formats/files.js';
import { isLockedHere, lockFile, requireUnlocked } from '../formats/folder-lock.js';
import { checkpointName } from '../training/checkpoints.js';
import { commandFile, hasCommand } from './run-command.js';

/** File names inside a run's folder. */
export const runFiles = {
  images: 'images',
  history: 'history.jsonl',
  generator: 'generator.safetensors',
  discriminator: 'discriminator.safetensors',
  average: 'average.safetensors',
  best: 'best.safetensors',
  bestFigures: 'best.json',
  curves: 'curves.png',
  checkpoints: 'checkpoints',
  command: commandFile,
  composition: 'gan.json',
  vae: 'vae.safetensors',
  autoencoder: 'autoencoder.safetensors',
  reconstructions: 'reconstructions.png',
  epochs: 'history.csv',
  classify: 'classify.json',
  classifier: 'classifier.safetensors',
  report: 'report.json',
  errors: 'errors.png',
  confusion: 'confusion.png',
  comparison: 'comparison.json',
  comparisonPage: 'comparison.html',
  comparisonTable: 'comparison.md',
} as const;

const folders: readonly string[] = [runFiles.images, runFiles.checkpoints];

/**
 * Creates the folder, and makes sure that a run can be written into it.
 * @throws CudaGanError `CUDA_GAN_FILE` and `CUDA_GAN_BUSY` as `RunFolder.open`.
 */
export async function requireRunFolder(path: string, { overwrite }: { readonly overwrite: boolean }): Promise<void> {
  await ensureFolder(path);
  await requireUnlocked(path);
  if (!overwrite) await requireNoRun(path);
}

/**
 * Removes what a run of this process has written that is given up before its first step: it would keep the next run out of
 * the folder. At once, for a process that ends.
 */
export function removeEmptyRun(path: string): void {
  if (!isLockedHere(path)) return;
  const checkpoints = join(path, runFiles.checkpoints);
  const names = existsSync(checkpoints) ? readdirSync(checkpoints) : [];
  const isEmpty = [runFiles.history, runFiles.epochs].every(
    (name) => (statSync(join(path, name), { throwIfNoEntry: false })?.size ?? 0) === 0,
  );
  // Steps of pretraining are in no history, but in checkpoints.
  if (isEmpty && names.every((name) => name.startsWith('.') || name === checkpointName(0))) {
    for (const name of [runFiles.history, runFiles.command, runFiles.composition])
      rmSync(join(path, name), { force: true });
    for (const name of names) rmSync(join(checkpoints, name), { force: true });
    if (existsSync(checkpoints)) rmdirSync(checkpoints);
  }
  rmSync(join(path, lockFile), { force: true });
}

/**
 * Removes the files of a run, its pictures and checkpoints among them, for another that begins in its place.
 * @throws CudaGanError `CUDA_GAN_FILE` when that fails.
 */
export async function removeRun(path: string): Promise<void> {
  for (const file of await allFilesOfRun(path)) await removeFile(join(path, file));
}

/** Removes what a run of another kind has left, and this one, which has the files `own`, would not replace. */
export async function removeOthers(path: string, own: readonly string[]): Promise<void> {
  for (const name of Object.values(runFiles)) {
    if (!folders.includes(name) && !own.includes(name)) await removeFile(join(path, name));
  }
}

/** The files of a run that are there, those in its folders among them: paths in the folder. */
export async function allFilesOfRun(path: string): Promise<string[]> {
  const names = await listFolderIfThere(path);
  const found = Object.values(runFiles).filter((name) => !folders.includes(name) && names.includes(name)) as string[];
  for (const folder of folders.filter((folder) => names.includes(folder))) {
    const files = (await listFolderIfThere(join(path, folder))).filter((name) => /_\d+\.png$|^checkpoint-/.test(name));
    found.push(...files.map((file) => join(folder, file)));
  }
  return found;
}

/**
 * Whether there is no run in the folder, or one that has come to nothing yet: it was ended before its first checkpoint.
 * @throws CudaGanError `CUDA_GAN_FILE` when that cannot be found out.
 */
export async function isEmptyRun(path: string): Promise<boolean> {
  return (await filesOfRun(path)).every((name) => name === runFiles.command);
}

/** A second run in a folder would destroy what the first has. @throws CudaGanError `CUDA_GAN_FILE` */
export async function requireNoRun(path: string): Promise<void> {
  const files = await filesOfRun(path);
  if (files.length === 0 || (files.join() === runFiles.command && (await hasCommand(path)))) return;
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${path} holds a run already (${files.join(', ')}); resume it by GAN.resume, on the command line --resume; choose another folder; or allow that by overwrite: true, on the command line --overwrite`,
  );
}

/** Which of a run's files a folder holds. Folders and a history in which there is nothing do not count. */
export async function filesOfRun(path: string): Promise<string[]> {
  const present = await listFolderIfThere(path);
  const files: string[] = [];
  for (const name of Object.values(runFiles).filter((name) => present.includes(name))) {
    if (await holdsSomething(join(path, name), name)) files.push(name);
  }
  return files;
}

async function holdsSomething(path: string, name: string): Promise<boolean> {
  const found = await promises.stat(path).catch((error: unknown) => {
    throw fileError('read', path, error);
  });
  if (found.isDirectory()) return (await listFolderIfThere(path)).some((name) => !name.startsWith('.'));
  return found.size > 0 || name !== runFiles.history;
}

/** Makes sure that no folder is where a run writes a file. @throws CudaGanError `CUDA_GAN_FILE` */
export async function requireReplaceable(path: string): Promise<void> {
  for (const name of Object.values(runFiles).filter((name) => !folders.includes(name))) {
    const file = join(path, name);
    if (!statSync(file, { throwIfNoEntry: false })?.isDirectory()) continue;
    throw new CudaGanError('CUDA_GAN_FILE', `cannot write ${file}: it is a folder`);
  }
}

/** If it is there. @throws CudaGanError `CUDA_GAN_FILE` */
export async function removeFile(path: string): Promise<void> {
  await promises.rm(path, { force: true }).catch((error: unknown) => {
    throw fileError('remove', path, error);
  });
}
