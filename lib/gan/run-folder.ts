// What a training run writes into its folder.
import { join } from 'node:path';
import { ensureFolder, JsonLinesWriter } from '../formats/files.js';
import { saveCurves } from '../images/curves.js';
import { saveGrid } from '../images/save-grid.js';
import type { Sequential } from '../models/sequential.js';
import type { Shape, Tensor } from '../tensor.js';
import type { GanHistory } from './history.js';

/** File names inside a run's folder. */
export const runFiles = {
  images: 'images',
  history: 'history.jsonl',
  generator: 'generator.safetensors',
  discriminator: 'discriminator.safetensors',
  curves: 'curves.png',
} as const;

/** `history.jsonl` and `images/` grow during the run; the models and the curves are written at its end. */
export class RunFolder {
  readonly #path: string;
  readonly #history: JsonLinesWriter;

  private constructor(path: string, history: JsonLinesWriter) {
    this.#path = path;
    this.#history = history;
  }

  /**
   * Creates the folder; files of an earlier run are replaced one by one.
   * @throws CudaGanError `CUDA_GAN_FILE` when the folder cannot be created or written to.
   */
  static async open(path: string): Promise<RunFolder> {
    await ensureFolder(join(path, runFiles.images));
    return new RunFolder(path, await JsonLinesWriter.open(join(path, runFiles.history)));
  }

  /** Writes the steps from `firstStep` on. */
  async append(history: GanHistory, firstStep: number): Promise<void> {
    for (let step = firstStep; step < history.steps; step++) this.#history.append(history.at(step));
    await this.#history.flush();
  }

  /** A 5x5 grid of samples, as `images/mnist_<step>.png`. */
  async saveSamples(step: number, images: Tensor<Float32Array>): Promise<void> {
    await saveGrid(join(this.#path, runFiles.images, `mnist_${step}.png`), images);
  }

  async saveModels(generator: Sequential, discriminator: Sequential): Promise<void> {
    await generator.save(join(this.#path, runFiles.generator));
    await discriminator.save(join(this.#path, runFiles.discriminator));
  }

  async close(history: GanHistory): Promise<void> {
    await this.#history.close();
    if (history.steps > 0) await saveCurves(join(this.#path, runFiles.curves), [...history]);
  }
}

/** Whether samples of this shape can be drawn: height, width, and one or three channels. */
export function isPicture(shape: Shape): boolean {
  return shape.length === 3 && (shape[2] === 1 || shape[2] === 3);
}
