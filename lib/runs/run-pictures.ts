// The pictures of a run's samples, in its folder.
import { promises } from 'node:fs';
import { join } from 'node:path';
import { nonEmptyText } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { fileError } from '../formats/files.js';
import { runFiles } from './run-files.js';

/**
 * The paths of the pictures that a training wrote into its folder, in the order of their steps: the frames of a movie of it,
 * for `saveMovie`.
 * @throws CudaGanError `CUDA_GAN_FILE` when there are none, or those of two data sets.
 */
export async function runPictures(folder: string): Promise<string[]> {
  const path = join(nonEmptyText('folder', folder), runFiles.images);
  const files = await promises.readdir(path).catch((error: unknown) => {
    throw fileError('read', path, error);
  });
  const pictures = files.flatMap((file) => {
    const [, name, step] = /^(.+)_(\d+)\.png$/.exec(file) ?? [];
    return name === undefined ? [] : [{ file, name, step: Number(step) }];
  });
  const names = [...new Set(pictures.map(({ name }) => name))].sort();
  if (names.length === 1) return pictures.sort((a, b) => a.step - b.step).map(({ file }) => join(path, file));
  const found =
    names.length === 0
      ? 'no pictures of samples, which are called <name>_<step>.png'
      : `pictures of ${names.join(' and ')}: move away those that are not of this run`;
  throw new CudaGanError('CUDA_GAN_FILE', `${path} holds ${found}`);
}
