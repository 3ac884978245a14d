// Images and what an autoencoder makes of them, side by side: a row of images above the row of their reconstructions.
import { rowsAt } from '../evaluation/subsets.js';
import type { GridSize } from '../gan/class-grid.js';
import { scalingOf } from '../models/pixel-range.js';
import { createTypedArray, dtypeOf, type OwnFloat32Array, type Tensor, type TypedArray } from '../tensor.js';
import type { Autoencoder } from './autoencoder.js';
import type { VAE } from './vae.js';

export interface ReconstructionGrid extends GridSize {
  /** [rows · columns, ...imageShape], for `saveGrid`. */
  readonly images: Tensor<OwnFloat32Array>;
}

/** Images, and their classes where the model is given them. */
interface Given {
  readonly images: Tensor<Uint8Array | Float32Array>;
  readonly labels?: Tensor<Int32Array> | undefined;
}

const columns = 10;

/** Of `count` images, those that lie evenly in the data: data may be sorted by classes. */
export async function reconstructionGrid(
  model: Autoencoder | VAE,
  { images, labels }: Given,
  count = 50,
): Promise<ReconstructionGrid> {
  const n = images.shape[0]!;
  const shown = Math.min(count, n);
  const rows = Int32Array.from({ length: shown }, (_, i) => Math.floor((i * n) / shown));
  const some = rowsAt<TypedArray>(images, rows) as Tensor<Uint8Array | Float32Array>;
  const made = await model.reconstruct({ images: some, labels: labels && rowsAt(labels, rows) });
  const original = asNumbers(some, model);
  const pairs = Math.ceil(shown / columns);
  const size = original.length / shown;
  const data = createTypedArray('float32', 2 * pairs * columns * size).fill(model.pixelRange[1]);
  for (let i = 0; i < shown; i++) {
    const place = 2 * columns * Math.floor(i / columns) + (i % columns);
    data.set(original.subarray(i * size, (i + 1) * size), place * size);
    data.set(made.data.subarray(i * size, (i + 1) * size), (place + columns) * size);
  }
  return {
    rows: 2 * pairs,
    columns,
    images: { shape: [2 * pairs * columns, ...images.shape.slice(1)], data },
  };
}

function asNumbers({ data }: Tensor<Uint8Array | Float32Array>, { pixelRange }: Autoencoder | VAE): Float32Array {
  if (dtypeOf(data) === 'float32') return data as Float32Array;
  const { scale, offset } = scalingOf(pixelRange);
  return Float32Array.from(data, (pixel) => scale * pixel + offset);
}
