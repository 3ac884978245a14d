// The file in a run's folder that says by which command the run was begun, for its readers and for `train --resume`.
import { promises } from 'node:fs';
import { join } from 'node:path';
import { CudaGanError } from '../errors.js';
import { fileError, writeFileAtomic } from '../formats/files.js';
import { decodePlain, encodePlain } from '../formats/plain-data.js';

/** Its name. */
export const commandFile = 'run.json';

/** @throws CudaGanError `CUDA_GAN_FILE` when it cannot be written. */
export async function writeCommand(folder: string, options: object): Promise<void> {
  const json = encodePlain('the options of the command', { command: 'train', options }, '', new Map());
  await writeFileAtomic(join(folder, commandFile), `${JSON.stringify(JSON.parse(json), undefined, 2)}\n`);
}

/** The options of the command. @throws CudaGanError `CUDA_GAN_FILE` when the folder holds no run of a command. */
export async function readCommand(folder: string): Promise<object> {
  const path = join(folder, commandFile);
  let text: string;
  try {
    text = await promises.readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError('read', path, error);
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${folder} holds no run of cuda-gan train: there is no ${commandFile}. A run of a program is resumed by GAN.resume`,
    );
  }
  const options = optionsIn(text);
  if (options !== undefined) return options;
  throw new CudaGanError('CUDA_GAN_FILE', `${path} is damaged`);
}

/** Whether a folder holds the file of a command, rather than another of that name. */
export async function hasCommand(folder: string): Promise<boolean> {
  const text = await promises.readFile(join(folder, commandFile), 'utf8').catch(() => '');
  return optionsIn(text) !== undefined;
}

function optionsIn(text: string): object | undefined {
  try {
    const { options } = decodePlain(text, new Map()) as { options?: object };
    return options;
  } catch {
    return undefined;
  }
}
