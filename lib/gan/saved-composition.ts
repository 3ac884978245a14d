// The composition of a run as a file beside its models, so that a GAN that is loaded is the one that was trained.
import { promises } from 'node:fs';
import { join } from 'node:path';
import { kindOf } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { fileError, writeFileAtomic } from '../formats/files.js';
import { toOptimizer } from '../optimizers/index.js';
import { runFiles } from '../runs/run-files.js';
import { warn } from '../warnings.js';
import { toAugmentation } from './augmentations/index.js';
import type { GanConfig } from './gan-config.js';
import type { GanLoadOptions } from './gan-options.js';
import { toObjective } from './objectives/index.js';
import { toRegularizer } from './regularizers/index.js';

/** @throws CudaGanError `CUDA_GAN_FILE` when it cannot be written. */
export async function saveComposition(folder: string, config: GanConfig): Promise<void> {
  const { generator, discriminator, ...composition } = config;
  await writeFileAtomic(join(folder, runFiles.composition), `${JSON.stringify(composition, undefined, 2)}\n`);
}

/** How each part of a file is made, where it is one of the package's. */
const makers = {
  objective: toObjective,
  regularizers: (parts: never) => Array.from(parts, toRegularizer),
  augment: (parts: never) => Array.from(parts, toAugmentation),
  generatorOptimizer: toOptimizer,
  discriminatorOptimizer: toOptimizer,
};

/**
 * The options that the run's GAN was made with; none where there is no such file. Parts that only the program of the run has
 * are left out, and said to be.
 * @throws CudaGanError `CUDA_GAN_FILE` when the file cannot be read or is damaged.
 */
export async function loadComposition(folder: string, given: GanLoadOptions): Promise<GanLoadOptions> {
  const found = await read(join(folder, runFiles.composition));
  if (found === undefined) return {};
  const options = Object.entries(found).filter(([name, saved]) => {
    if (!Object.hasOwn(makers, name) || name in given) return true;
    try {
      makers[name as keyof typeof makers](saved as never);
      return true;
    } catch (error) {
      if (!(error instanceof CudaGanError)) throw error;
      warn(
        'CUDA_GAN_COMPOSITION',
        `${folder} was trained with ${name} ${JSON.stringify(saved)}, not all of the package: give ${name} again to train on as before`,
      );
      return false;
    }
  });
  return Object.fromEntries(options);
}

async function read(path: string): Promise<object | undefined> {
  let text: string;
  try {
    text = await promises.readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError('read', path, error);
  }
  try {
    const found: unknown = JSON.parse(text);
    if (kindOf(found) === 'Object') return found as object;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new CudaGanError('CUDA_GAN_FILE', `${path} is damaged`);
}
