// What a trained model of a comparison is worth: figures of its samples, its reconstructions, and pictures of both.
import { join } from 'node:path';
import { Autoencoder } from '../autoencoders/autoencoder.js';
import { reconstructionGrid } from '../autoencoders/reconstruction-grid.js';
import { VAE } from '../autoencoders/vae.js';
import type { Device } from '../devices/device.js';
import { drawSamples } from '../evaluation/draw-samples.js';
import { evaluate } from '../evaluation/evaluate.js';
import type { FeatureNetwork } from '../evaluation/feature-network.js';
import { sharpness } from '../evaluation/sharpness.js';
import { drawRows, rowsAt } from '../evaluation/subsets.js';
import { GAN } from '../gan/gan.js';
import { saveGrid } from '../images/grid.js';
import { rowsOf } from '../models/data.js';
import { RandomStream } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import type { Tensor } from '../tensor.js';
import type { ComparedModel } from './comparison.js';
import type { ComparedImages } from './data.js';

export interface MeasureContenderOptions {
  readonly count: number;
  readonly seed: number;
  readonly network: FeatureNetwork;
  readonly device: Device;
  readonly out: string;
}

/** Pictures in a model's folder. */
export const pictureFiles = { samples: 'samples.png', reconstructions: 'reconstructions.png' } as const;

type Measured = Pick<ComparedModel, 'measured' | 'figures' | 'reconstructions' | 'accuracy'>;

export async function measureContender(
  model: GAN | VAE | Autoencoder,
  data: ComparedImages,
  { count, seed, network, device, out }: MeasureContenderOptions,
): Promise<Measured> {
  const { images, labels } = data.reference;
  const range = model.pixelRange;
  const picture = (
    name: keyof typeof pictureFiles,
    grid: { images: Tensor<Float32Array>; rows: number; columns: number },
  ) =>
    saveGrid(join(out, pictureFiles[name]), grid.images, { rows: grid.rows, columns: grid.columns, scale: 2, range });
  const measure = async (samples: Tensor) =>
    (await evaluate(samples, { reference: images, network, range, device, seed })).figures;
  let restored: Tensor<Float32Array> | undefined;
  if (!(model instanceof GAN)) {
    restored = await reconstructed(model, data, { count, seed });
    await picture('reconstructions', await reconstructionGrid(model, data.reference));
  }
  if (model instanceof Autoencoder) {
    const figures = await measure(restored!);
    return { measured: 'reconstructions', figures, reconstructions: figures.sharpness, accuracy: null };
  }
  const samples = await drawSamples(model, { count, seed, labels });
  const shown = Math.min(100, count);
  await picture('samples', {
    images: rowsOf(samples, 0, shown) as Tensor<Float32Array>,
    rows: Math.ceil(shown / 10),
    columns: 10,
  });
  return {
    measured: 'samples',
    figures: await measure(samples),
    reconstructions: restored === undefined ? null : await sharpness(restored, images, { range, seed }),
    accuracy: await accuracyOf(model, data),
  };
}

/** Of images that were drawn at random: data may be sorted by classes. */
async function reconstructed(
  model: VAE | Autoencoder,
  { reference: { images, labels } }: ComparedImages,
  { count, seed }: Pick<MeasureContenderOptions, 'count' | 'seed'>,
): Promise<Tensor<Float32Array>> {
  const total = images.shape[0]!;
  const rows = drawRows(total, Math.min(count, total), new RandomStream(seed, firstStream.evaluation));
  return model.reconstruct({ images: rowsAt(images, rows), labels: labels && rowsAt(labels, rows) });
}

/** By Bayes' rule of a VAE with classes; by the auxiliary classifier of a GAN. */
async function accuracyOf(model: GAN | VAE, { reference: { images, labels } }: ComparedImages): Promise<number | null> {
  if (labels === undefined) return null;
  const tells = model instanceof VAE ? model.takesLabels : model.tellsClasses;
  return tells ? model.accuracy({ images, labels }) : null;
}
