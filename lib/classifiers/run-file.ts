// The folder of a classifier that the command trains: its files, and the one that says what the run is.
import { promises } from 'node:fs';
import { join } from 'node:path';
import { inWords, kindOf } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { fileError, listFolderIfThere, writeFileAtomic } from '../formats/files.js';
import { requireNoRun, runFiles } from '../runs/run-files.js';
import type { Shape } from '../tensor.js';
import type { ClassifierName } from './by-name.js';

/** File names inside the folder. */
export const classifierFiles = {
  run: runFiles.classify,
  model: runFiles.classifier,
  history: runFiles.epochs,
  curves: runFiles.curves,
  checkpoints: runFiles.checkpoints,
  report: runFiles.report,
  errors: runFiles.errors,
  confusion: runFiles.confusion,
} as const;

/** Of the file. Another number is another form. */
const format = 1;

/** What a run is: plain data, by which it is resumed, and by which its model is used. */
export interface ClassifierRun {
  readonly preset: ClassifierName;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly imageShape: Shape;
  /** Names, in the order of the class numbers. */
  readonly classes: readonly string[];
  /** What was held out, of the images without a test set; undefined where there is one. */
  readonly validationSplit?: number | undefined;
  /** The options of the command that name the data. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** @throws CudaGanError `CUDA_GAN_FILE` when it cannot be written. */
export async function writeRun(folder: string, run: ClassifierRun): Promise<void> {
  await writeFileAtomic(join(folder, classifierFiles.run), `${JSON.stringify({ format, ...run }, undefined, 2)}\n`);
}

/**
 * What the run of a folder is; undefined where there is none.
 * @throws CudaGanError `CUDA_GAN_FILE` when the file is damaged, or of a newer package.
 */
export async function readRunIfThere(folder: string): Promise<ClassifierRun | undefined> {
  const path = join(folder, classifierFiles.run);
  let text: string;
  try {
    text = await promises.readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw fileError('read', path, error);
  }
  const found = parsed(text);
  if (found === undefined) throw new CudaGanError('CUDA_GAN_FILE', `${path} is damaged`);
  const { format: written, ...run } = found;
  if (written === format) return run;
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${path} has the format ${inWords(written)}, and this version of cuda-gan reads ${format}: a newer one has written it`,
  );
}

function parsed(text: string): (ClassifierRun & { readonly format: number }) | undefined {
  try {
    const found = JSON.parse(text) as ClassifierRun & { readonly format: number };
    if (kindOf(found) !== 'Object') return undefined;
    if (found.format !== format) return 'format' in found ? found : undefined;
    const lists = [found.classes, found.imageShape];
    return lists.every(Array.isArray) && kindOf(found.data) === 'Object' ? found : undefined;
  } catch {
    return undefined;
  }
}

/** As `readRunIfThere`. @throws CudaGanError `CUDA_GAN_FILE` also when there is none. */
export async function readRun(folder: string): Promise<ClassifierRun> {
  const run = await readRunIfThere(folder);
  if (run !== undefined) return run;
  throw new CudaGanError('CUDA_GAN_FILE', await missing(folder));
}

/** Says what the folder holds in place of a classifier, as far as that can be told. */
async function missing(folder: string): Promise<string> {
  const found = await listFolderIfThere(folder);
  const others = found.filter((name) => name.endsWith('.safetensors') || name === 'run.json' || name === 'gan.json');
  const what = others.length === 0 ? '' : `, but ${others.sort().join(', ')}`;
  return `${folder} holds no classifier: there is no ${classifierFiles.run}${what}. cuda-gan classify train makes one`;
}

/** Makes sure that a run may begin in a folder. @throws CudaGanError `CUDA_GAN_FILE` when it holds one. */
export async function requireNoClassifier(folder: string): Promise<void> {
  const found = await listFolderIfThere(folder);
  if (!found.includes(classifierFiles.run)) return requireNoRun(folder);
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${folder} holds a classifier already (${classifierFiles.run}); go on with it by --resume, choose another folder, or allow that by --overwrite`,
  );
}
