// The file in a folder that says by which command what it holds was begun, for its readers and for `--resume`.
import { promises } from 'node:fs';
import { join } from 'node:path';
import { inWords } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { fileError, writeFileAtomic } from '../formats/files.js';
import { decodePlain, encodePlain } from '../formats/plain-data.js';

/** Its name. */
export const commandFile = 'run.json';

export type CommandName = 'train' | 'compare';

/** @throws CudaGanError `CUDA_GAN_FILE` when it cannot be written. */
export async function writeCommand(folder: string, options: object, command: CommandName = 'train'): Promise<void> {
  const json = encodePlain('the options of the command', { command, options }, '', new Map());
  await writeFileAtomic(join(folder, commandFile), `${JSON.stringify(JSON.parse(json), undefined, 2)}\n`);
}

/** The options of the command. @throws CudaGanError `CUDA_GAN_FILE` when the folder holds no run of a command. */
export async function readCommand(folder: string, command: CommandName = 'train'): Promise<object> {
  const path = join(folder, commandFile);
  let text: string;
  try {
    text = await promises.readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError('read', path, error);
    const hint = command === 'train' ? '. A run of a program is resumed by GAN.resume' : '';
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${folder} holds no run of cuda-gan ${command}: there is no ${commandFile}${hint}`,
    );
  }
  const found = commandIn(text);
  if (found === undefined) throw new CudaGanError('CUDA_GAN_FILE', `${path} is damaged`);
  if (found.command === command) return found.options;
  throw new CudaGanError('CUDA_GAN_FILE', `${path} is that of cuda-gan ${inWords(found.command)}, not of ${command}`);
}

/** Whether a folder holds the file of a command, rather than another of that name. */
export async function hasCommand(folder: string): Promise<boolean> {
  const text = await promises.readFile(join(folder, commandFile), 'utf8').catch(() => '');
  return commandIn(text) !== undefined;
}

function commandIn(text: string): { readonly command: unknown; readonly options: object } | undefined {
  try {
    const { command, options } = decodePlain(text, new Map()) as { command?: unknown; options?: object };
    return options === undefined ? undefined : { command, options };
  } catch {
    return undefined;
  }
}
