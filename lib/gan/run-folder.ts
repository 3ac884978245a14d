// What a training run writes into its folder.
import { promises, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CudaGanError } from '../errors.js';
import { BackgroundWrite } from '../formats/background-write.js';
import { ensureFolder, JsonLinesWriter } from '../formats/files.js';
import { saveCurves } from '../images/curves.js';
import { isPicture, saveGrid } from '../images/grid.js';
import { modelConfig } from '../models/config.js';
import { type ModelFile, saveModels } from '../models/files.js';
import type { Model } from '../models/model.js';
import type { Tensor } from '../tensor.js';
import type { GridSize } from './class-grid.js';
import type { GanHistory } from './history.js';

/** File names inside a run's folder. */
export const runFiles = {
  images: 'images',
  history: 'history.jsonl',
  generator: 'generator.safetensors',
  discriminator: 'discriminator.safetensors',
  curves: 'curves.png',
} as const;

export interface RunFolderOptions {
  readonly path: string;
  /** Whether files of a run may be there. */
  readonly overwrite: boolean;
  /** What the samples' files are called, before their step. */
  readonly name: string;
  /** How they lie side by side. */
  readonly grid: GridSize;
  readonly generator: Model;
  readonly discriminator: Model;
}

/**
 * `history.jsonl` grows during the run, and each sample adds a picture and replaces the models. The latter are written
 * while training goes on. The curves come at the end.
 */
export class RunFolder {
  readonly #options: RunFolderOptions;
  readonly #history: JsonLinesWriter;
  readonly #pictures = new BackgroundWrite();
  readonly #models = new BackgroundWrite();

  private constructor(options: RunFolderOptions, history: JsonLinesWriter) {
    this.#options = options;
    this.#history = history;
  }

  /**
   * Creates the folder.
   * @throws CudaGanError `CUDA_GAN_FILE` when the folder cannot be created or written to, or holds files of a run that
   * must not be overwritten.
   */
  static async open(options: RunFolderOptions): Promise<RunFolder> {
    const { path, generator, overwrite } = options;
    await requireRunFolder(options);
    if (isPicture(generator.outputShape)) await ensureFolder(join(path, runFiles.images));
    return new RunFolder(options, await JsonLinesWriter.open(join(path, runFiles.history), { overwrite }));
  }

  /** Writes the steps from number `begin` on. Throws what a write in the background has failed with. */
  async append(history: GanHistory, begin: number): Promise<void> {
    this.#pictures.check();
    this.#models.check();
    for (let step = begin; step < history.steps; step++) this.#history.append(history.at(step));
    await this.#history.flush();
  }

  /** Starts to write a grid of samples, as `images/<name>_<step>.png`. */
  async saveSamples(step: number, images: Tensor<Float32Array>): Promise<void> {
    const { path, name, grid, generator } = this.#options;
    if (!isPicture(generator.outputShape)) return;
    const file = join(path, runFiles.images, `${name}_${step}.png`);
    const range = this.#options.discriminator.pixelRange;
    await this.#pictures.start(() => saveGrid(file, images, { rows: grid.rows, columns: grid.columns, range }));
  }

  /**
   * Starts to write the models as they are now, unless those of an earlier sample are still being written. Models that
   * hold a number that is not finite are not written: the run ends when it finds that, and goes back.
   */
  async saveModels(): Promise<void> {
    if (!this.#models.busy) await this.#models.start(() => this.#writeModels());
  }

  /** Saves the models, ends the history, and draws its curves. */
  async close(history: GanHistory): Promise<void> {
    const { path, generator, discriminator } = this.#options;
    const background = await Promise.allSettled([this.#pictures.done(), this.#models.done()]);
    try {
      await generator.save(join(path, runFiles.generator));
      await discriminator.save(join(path, runFiles.discriminator));
    } finally {
      await this.#history.close();
    }
    if (history.steps > 0) await saveCurves(join(path, runFiles.curves), history);
    for (const result of background) if (result.status === 'rejected') throw result.reason;
  }

  /** Asks the device for all weights before anything else can be asked of it, so that both models are of the same step. */
  async #writeModels(): Promise<void> {
    const { generator, discriminator } = this.#options;
    const files = await Promise.all([
      this.#modelFile(runFiles.generator, generator),
      this.#modelFile(runFiles.discriminator, discriminator),
    ]);
    await saveModels(files).catch((error: unknown) => {
      if (!(error instanceof CudaGanError && error.code === 'CUDA_GAN_DATA')) throw error;
    });
  }

  async #modelFile(file: string, model: Model): Promise<ModelFile> {
    const values = await model.getWeights();
    const weights = model.namedWeights.map(([name], i) => [name, values[i]!] as const);
    return { path: join(this.#options.path, file), config: modelConfig(model), weights };
  }
}

/**
 * Creates the folder, and makes sure that a run can be written into it.
 * @throws CudaGanError `CUDA_GAN_FILE` as `RunFolder.open`.
 */
export async function requireRunFolder({
  path,
  overwrite,
}: Pick<RunFolderOptions, 'path' | 'overwrite'>): Promise<void> {
  if (!overwrite) await requireNoRun(path);
  await ensureFolder(path);
}

/**
 * Removes the history of a run that is given up before its first step: it would keep the next run out of the folder.
 * At once, for a process that ends.
 */
export function removeEmptyHistory(path: string): void {
  const file = join(path, runFiles.history);
  if (statSync(file, { throwIfNoEntry: false })?.size === 0) rmSync(file, { force: true });
}

/** Until a run can be resumed, a second one in its folder would only destroy what it has. */
async function requireNoRun(path: string): Promise<void> {
  const present = await namesIn(path);
  const pictures = await namesIn(join(path, runFiles.images));
  const found = Object.values(runFiles).filter((name) => present.includes(name));
  const files = found.filter((name) => name !== runFiles.images || pictures.length > 0);
  if (files.length === 0) return;
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${path} holds a run already (${files.join(', ')}); choose another folder, or allow that by overwrite: true, on the command line --overwrite`,
  );
}

/** None where there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  return promises.readdir(folder).catch(() => []);
}
