// What a training run writes into its folder.
import { promises, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CudaGanError } from '../errors.js';
import { BackgroundWrite } from '../formats/background-write.js';
import { ensureFolder, JsonLinesWriter, readJsonLines, removeLeftovers } from '../formats/files.js';
import { saveCurves } from '../images/curves.js';
import { isPicture, saveGrid } from '../images/grid.js';
import { modelConfig } from '../models/config.js';
import { type ModelFile, saveModels } from '../models/files.js';
import type { Model } from '../models/model.js';
import type { Tensor } from '../tensor.js';
import { removeCheckpoints } from '../training/checkpoints.js';
import type { GridSize } from './class-grid.js';
import { GanHistory } from './history.js';

/** File names inside a run's folder. */
export const runFiles = {
  images: 'images',
  history: 'history.jsonl',
  generator: 'generator.safetensors',
  discriminator: 'discriminator.safetensors',
  average: 'average.safetensors',
  curves: 'curves.png',
  checkpoints: 'checkpoints',
  command: 'run.json',
  composition: 'gan.json',
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
  /** The moving average of the generator, where there is one. */
  readonly average?: Model | undefined;
  /** Length of the history of a run that is resumed, which the folder holds. */
  readonly resumedBytes?: number | undefined;
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
   * Creates the folder, or opens that of a run which is resumed.
   * @throws CudaGanError `CUDA_GAN_FILE` when the folder cannot be created or written to, or holds files of a run that
   * must not be overwritten.
   */
  static async open(options: RunFolderOptions): Promise<RunFolder> {
    const { path, generator, overwrite, resumedBytes } = options;
    const history = join(path, runFiles.history);
    const images = join(path, runFiles.images);
    if (resumedBytes === undefined) await requireRunFolder(options);
    if (isPicture(generator.outputShape)) await ensureFolder(images);
    if (resumedBytes !== undefined) {
      await Promise.all([path, images].map(removeLeftovers));
      return new RunFolder(options, await JsonLinesWriter.goOn(history, resumedBytes));
    }
    if (overwrite) await removeResumable(path);
    return new RunFolder(options, await JsonLinesWriter.open(history, { overwrite }));
  }

  /** Where its checkpoints are. */
  get checkpoints(): string {
    return join(this.#options.path, runFiles.checkpoints);
  }

  /** Length of the history so far. */
  get historyBytes(): number {
    return this.#history.bytes;
  }

  /** Waits for what a checkpoint of now says to be there: the history, and the last picture. */
  async settle(): Promise<void> {
    await this.#pictures.done();
    await this.#history.sync();
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
    const { path } = this.#options;
    const background = await Promise.allSettled([this.#pictures.done(), this.#models.done()]);
    try {
      for (const [file, model] of this.#modelsByFile) await model.save(join(path, file));
    } finally {
      await this.#history.close();
    }
    if (history.steps > 0) await saveCurves(join(path, runFiles.curves), history);
    for (const result of background) if (result.status === 'rejected') throw result.reason;
  }

  /** Asks the device for all weights before anything else can be asked of it, so that all models are of the same step. */
  async #writeModels(): Promise<void> {
    const files = await Promise.all(this.#modelsByFile.map(([file, model]) => this.#modelFile(file, model)));
    await saveModels(files).catch((error: unknown) => {
      if (!(error instanceof CudaGanError && error.code === 'CUDA_GAN_DATA')) throw error;
    });
  }

  get #modelsByFile(): readonly (readonly [file: string, model: Model])[] {
    const { generator, discriminator, average } = this.#options;
    const models = [
      [runFiles.generator, generator],
      [runFiles.discriminator, discriminator],
    ] as const;
    return average === undefined ? models : [...models, [runFiles.average, average]];
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
 * Removes what a run has written that is given up before its first step: it would keep the next run out of the folder. At
 * once, for a process that ends.
 */
export function removeEmptyRun(path: string): void {
  const file = join(path, runFiles.history);
  if (statSync(file, { throwIfNoEntry: false })?.size !== 0) return;
  for (const name of [runFiles.history, runFiles.command]) rmSync(join(path, name), { force: true });
  rmSync(join(path, runFiles.checkpoints), { force: true, recursive: true });
}

/** Removes that by which the run of before could be resumed, and which would not fit the new one. */
async function removeResumable(path: string): Promise<void> {
  await removeCheckpoints(join(path, runFiles.checkpoints));
  await promises.rm(join(path, runFiles.command), { force: true });
}

/** A second run in a folder would destroy what the first has. */
async function requireNoRun(path: string): Promise<void> {
  const present = await namesIn(path);
  const folders: readonly string[] = [runFiles.images, runFiles.checkpoints];
  const files: string[] = [];
  for (const name of Object.values(runFiles).filter((name) => present.includes(name))) {
    if (!folders.includes(name) || (await namesIn(join(path, name))).length > 0) files.push(name);
  }
  if (files.length === 0) return;
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${path} holds a run already (${files.join(', ')}); resume it by GAN.resume, on the command line --resume; choose another folder; or allow that by overwrite: true, on the command line --overwrite`,
  );
}

/** None where there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  return promises.readdir(folder).catch(() => []);
}

/**
 * The history of a run that is resumed, as it was `steps` steps and `bytes` bytes long.
 * @throws CudaGanError `CUDA_GAN_FILE` when it is not there.
 */
export async function readHistory(path: string, steps: number, bytes: number): Promise<GanHistory> {
  const file = join(path, runFiles.history);
  const history = new GanHistory();
  for await (const line of readJsonLines(file, bytes)) {
    const { step: _, ...figures } = line as Record<string, number | null>;
    const outputs = Object.entries(figures).map(([name, value]) => [name, [value ?? Number.NaN]] as const);
    history.append(new Map(outputs), 1);
  }
  if (history.steps === steps) return history;
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${file} has ${history.steps} steps of the ${steps} that its checkpoint counts`,
  );
}
