// What the training of a GAN writes into its folder.
import { join } from 'node:path';
import { CudaGanError } from '../errors.js';
import { BackgroundWrite } from '../formats/background-write.js';
import {
  ensureFolder,
  JsonLinesWriter,
  listFolderIfThere,
  readJsonLines,
  removeLeftovers,
  writeFileAtomic,
} from '../formats/files.js';
import { FolderLock } from '../formats/folder-lock.js';
import { saveCurves } from '../images/curves.js';
import { isPicture, saveGrid } from '../images/grid.js';
import { modelConfig } from '../models/config.js';
import { type ModelFile, saveModels } from '../models/files.js';
import type { Model } from '../models/model.js';
import { writeCommand } from '../runs/run-command.js';
import { isEmptyRun, removeFile, removeOthers, requireNoRun, requireReplaceable, runFiles } from '../runs/run-files.js';
import type { Tensor } from '../tensor.js';
import type { Logs } from '../training/callbacks.js';
import type { GridSize } from './class-grid.js';
import type { MetricsBasis } from './generator-metrics.js';
import { GanHistory } from './history.js';

export interface RunFolderOptions {
  readonly path: string;
  /** Whether files of a run may be there. */
  readonly overwrite: boolean;
  /** What the samples' files are called, before their step. */
  readonly name: string;
  /** Steps between two samples. */
  readonly sampleInterval: number;
  /** How they lie side by side. */
  readonly grid: GridSize;
  readonly generator: Model;
  readonly discriminator: Model;
  /** The moving average of the generator, where there is one. */
  readonly average?: Model | undefined;
  /** What `run.json` says of the command that began the run, where one did. */
  readonly command?: object | undefined;
  /** What there is of a run that is resumed. */
  readonly resumed?: ResumedFolder | undefined;
}

export interface ResumedFolder {
  /** Which was taken before anything was read. */
  readonly lock: FolderLock;
  /** Length of the history. */
  readonly historyBytes: number;
  /** Whether it goes on, rather than being at its end. */
  readonly goesOn: boolean;
}

/** What `best.json` says of the generator in `best.safetensors`. */
export interface BestGenerator extends MetricsBasis {
  /** After whose update it was. */
  readonly step: number;
  readonly figures: Logs;
}

/**
 * `history.jsonl` grows during the run, each sample adds a picture and replaces the models, and a generator that is measured to
 * be the best so far is kept. Models are written while training goes on. The curves come at the end.
 */
export class RunFolder {
  readonly #options: RunFolderOptions;
  readonly #lock: FolderLock;
  readonly #history: JsonLinesWriter;
  readonly #pictures = new BackgroundWrite();
  readonly #models = new BackgroundWrite();
  readonly #best = new BackgroundWrite();
  #begun = false;

  private constructor(options: RunFolderOptions, lock: FolderLock, history: JsonLinesWriter) {
    this.#options = options;
    this.#lock = lock;
    this.#history = history;
  }

  /**
   * Creates the folder, or opens that of a run which is resumed, for this run alone. What it holds stays as it is until
   * `begin`.
   * @throws CudaGanError `CUDA_GAN_FILE` when the folder cannot be created or written to, or holds files of a run that
   * must not be overwritten; `CUDA_GAN_BUSY` when another training writes into it.
   */
  static async open(options: RunFolderOptions): Promise<RunFolder> {
    const { path, resumed } = options;
    if (resumed === undefined) await ensureFolder(path);
    const lock = resumed?.lock ?? (await FolderLock.take(path));
    try {
      if (resumed === undefined && !options.overwrite) await requireNoRun(path);
      return await RunFolder.#openLocked(options, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Makes sure that all can be written, and changes nothing of a run that is there. */
  static async #openLocked(options: RunFolderOptions, lock: FolderLock): Promise<RunFolder> {
    const { path, generator, command, resumed } = options;
    const images = join(path, runFiles.images);
    if (isPicture(generator.outputShape)) await ensureFolder(images);
    await Promise.all([path, images].map(removeLeftovers));
    await requireReplaceable(path);
    // A run that is killed before its first checkpoint can begin anew by it; where there was a run, that is the one to resume.
    if (command !== undefined && (await isEmptyRun(path))) await writeCommand(path, command);
    const history = await JsonLinesWriter.open(join(path, runFiles.history), resumed?.historyBytes);
    return new RunFolder(options, lock, history);
  }

  /**
   * Called when the state that is to be trained is on disk: from here on the files are those of this run. The history is cut to
   * what the run goes on from, and what a run of before has left and no file of this one replaces goes.
   */
  async begin(): Promise<void> {
    const { path, command, average, resumed } = this.#options;
    await this.#history.begin();
    this.#begun = true;
    if (command !== undefined) await writeCommand(path, command);
    if (resumed !== undefined) {
      if (resumed.goesOn) await this.#removeBreaks();
      return;
    }
    const { history, generator, discriminator, curves, composition } = runFiles;
    const own = [history, generator, discriminator, curves, composition];
    const further = [command && runFiles.command, average && runFiles.average].filter((name) => name !== undefined);
    await removeOthers(path, [...own, ...further]);
  }

  /** Where its checkpoints are. */
  get checkpoints(): string {
    return join(this.#options.path, runFiles.checkpoints);
  }

  /** Length of the history so far. */
  get historyBytes(): number {
    return this.#history.bytes;
  }

  /** Waits for what a checkpoint of now says to be there: the history, the last picture, the best generator so far. */
  async settle(): Promise<void> {
    await this.#pictures.done();
    await this.#best.done();
    await this.#history.sync();
  }

  /** Writes the steps from number `begin` on. Throws what a write in the background has failed with. */
  async append(history: GanHistory, begin: number): Promise<void> {
    this.#pictures.check();
    this.#models.check();
    this.#best.check();
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

  /** Starts to write the generator in use as it is now, in place of the best one so far, and what is to be said of it. */
  async saveBest(best: BestGenerator): Promise<void> {
    const { path, generator, average } = this.#options;
    await this.#best.start(async () => {
      await saveModels([await this.#modelFile(runFiles.best, average ?? generator)]);
      await writeFileAtomic(join(path, runFiles.bestFigures), `${JSON.stringify(best, undefined, 2)}\n`);
    });
  }

  /** Saves the models, ends the history, draws its curves, and gives the folder free. */
  async close(history: GanHistory): Promise<void> {
    const writes = [this.#pictures, this.#models, this.#best];
    const background = await Promise.allSettled(writes.map((write) => write.done()));
    try {
      await this.#save(history);
    } finally {
      this.#lock.release();
    }
    for (const result of background) if (result.status === 'rejected') throw result.reason;
  }

  /** Nothing of a run that has not begun: the files are those of the run before. */
  async #save(history: GanHistory): Promise<void> {
    const { path } = this.#options;
    try {
      if (this.#begun) for (const [file, model] of this.#modelsByFile) await model.save(join(path, file));
    } finally {
      await this.#history.close();
    }
    if (this.#begun && history.steps > 0) await saveCurves(join(path, runFiles.curves), history);
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

  /** Removes pictures of steps at which the run was ended: it would have none of them without a break. */
  async #removeBreaks(): Promise<void> {
    const { path, name, sampleInterval } = this.#options;
    const images = join(path, runFiles.images);
    const picture = new RegExp(`^${name}_(\\d+)\\.png$`);
    for (const file of await listFolderIfThere(images)) {
      const step = picture.exec(file)?.[1];
      if (step !== undefined && Number(step) % sampleInterval !== 0) await removeFile(join(images, file));
    }
  }

  async #modelFile(file: string, model: Model): Promise<ModelFile> {
    const values = await model.getWeights();
    const weights = model.namedWeights.map(([name], i) => [name, values[i]!] as const);
    return { path: join(this.#options.path, file), config: modelConfig(model), weights };
  }
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
