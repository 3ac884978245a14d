// What a training run writes into its folder.
import { join } from 'node:path';
import { ensureFolder, JsonLinesWriter } from '../formats/files.js';
import { saveCurves } from '../images/curves.js';
import { saveGrid } from '../images/grid.js';
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
  readonly #hasPictures: boolean;

  private constructor(path: string, history: JsonLinesWriter, hasPictures: boolean) {
    this.#path = path;
    this.#history = history;
    this.#hasPictures = hasPictures;
  }

  /**
   * Creates the folder; files of an earlier run are replaced one by one. Samples that are no pictures (other than one or
   * three channels of height and width) are not drawn.
   * @throws CudaGanError `CUDA_GAN_FILE` when the folder cannot be created or written to.
   */
  static async open(path: string, imageShape: Shape): Promise<RunFolder> {
    const hasPictures = imageShape.length === 3 && (imageShape[2] === 1 || imageShape[2] === 3);
    await ensureFolder(path);
    if (hasPictures) await ensureFolder(join(path, runFiles.images));
    return new RunFolder(path, await JsonLinesWriter.open(join(path, runFiles.history)), hasPictures);
  }

  /** Writes the steps from `firstStep` on. */
  async append(history: GanHistory, firstStep: number): Promise<void> {
    for (let step = firstStep; step < history.steps; step++) this.#history.append(history.at(step));
    await this.#history.flush();
  }

  /** A 5x5 grid of samples, as `images/mnist_<step>.png`. */
  async saveSamples(step: number, images: Tensor<Float32Array>): Promise<void> {
    if (this.#hasPictures) await saveGrid(join(this.#path, runFiles.images, `mnist_${step}.png`), images);
  }

  /** Saves the models, ends the history, and draws its curves. */
  async close(generator: Sequential, discriminator: Sequential, history: GanHistory): Promise<void> {
    try {
      await generator.save(join(this.#path, runFiles.generator));
      await discriminator.save(join(this.#path, runFiles.discriminator));
    } finally {
      await this.#history.close();
    }
    if (history.steps > 0) await saveCurves(join(this.#path, runFiles.curves), history);
  }
}
