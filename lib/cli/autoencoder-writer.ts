// What a run of `cuda-gan train` of an autoencoder writes after every epoch: pictures, and the model.
import { join } from 'node:path';
import { Autoencoder } from '../autoencoders/autoencoder.js';
import { type ReconstructionGrid, reconstructionGrid } from '../autoencoders/reconstruction-grid.js';
import type { VAE } from '../autoencoders/vae.js';
import { ensureFolder } from '../formats/files.js';
import { classGridOf, type GridSize, sampleGridSize } from '../gan/class-grid.js';
import { isPicture, saveGrid } from '../images/grid.js';
import { runFiles } from '../runs/run-files.js';
import type { Tensor } from '../tensor.js';
import type { Callbacks } from '../training/callbacks.js';
import type { TrainingData } from './training-data.js';

export interface AutoencoderWriterOptions {
  /** Images to reconstruct, with their classes where the model is given them. */
  readonly shown: Pick<TrainingData, 'images' | 'labels'>;
  /** What pictures are called, before the number of their epoch. */
  readonly name: string;
  readonly out: string;
}

/**
 * Pictures `images/<name>_<epoch>.png`: what a VAE draws, from the same noise every time; of an autoencoder, its reconstructions.
 * Those of a VAE are in `reconstructions.png`.
 */
export function autoencoderWriter(model: Autoencoder | VAE, { shown, name, out }: AutoencoderWriterOptions): Callbacks {
  const save = (file: string, { images, rows, columns }: GridSize & { readonly images: Tensor<Float32Array> }) =>
    saveGrid(join(out, file), images, { rows, columns, range: model.pixelRange });
  return {
    onTrainBegin: () => ensureFolder(join(out, runFiles.images)),
    onEpochEnd: async (epoch) => {
      await saveModel(model, out);
      if (!isPicture(model.imageShape)) return;
      const picture = join(runFiles.images, `${name}_${epoch + 1}.png`);
      const reconstructions = await reconstructionGrid(model, shown);
      await save(model instanceof Autoencoder ? picture : runFiles.reconstructions, reconstructions);
      if (!(model instanceof Autoencoder)) await save(picture, await samplesOf(model));
    },
  };
}

/** As `load` of its class reads it. */
export async function saveModel(model: Autoencoder | VAE, out: string): Promise<void> {
  await model.save(join(out, model instanceof Autoencoder ? runFiles.autoencoder : runFiles.vae));
}

async function samplesOf(vae: VAE): Promise<ReconstructionGrid> {
  const { byClass, rows, columns } = sampleGridSize(vae);
  if (byClass) return classGridOf(vae, { columns, seed: 0 });
  return { rows, columns, images: await vae.sample(rows * columns, { seed: 0 }) };
}
