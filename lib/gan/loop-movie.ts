// A movie of a generator: a grid of images, each on a walk of its own through latent space and back to its beginning.
import { type OwnFloat32Array, type Tensor, tensor } from '../tensor.js';
import { classGridOf, type GridSize, sampleGridSize } from './class-grid.js';
import type { ImageSource } from './image-source.js';
import { interpolateNoise } from './interpolation.js';

export interface LoopOptions {
  /** Noise vectors on the way of each image. */
  readonly stops: number;
  /** Frames from one to the next. */
  readonly steps: number;
  readonly truncation?: number | undefined;
  /** The class of all images. Default: one class a row, as samples of a training are. */
  readonly class?: number | undefined;
}

export interface LoopMovie extends GridSize {
  /** Images [rows * columns, ...imageShape] of one frame after the other. */
  readonly frames: AsyncIterable<Tensor<OwnFloat32Array>>;
}

/** The frames are generated as they are asked for. */
export function loopMovie(source: ImageSource, options: LoopOptions): LoopMovie {
  const one = { byClass: false, rows: 5, columns: 5 };
  const grid = options.class === undefined ? sampleGridSize(source) : one;
  return { rows: grid.rows, columns: grid.columns, frames: framesOf(source, grid, options) };
}

async function* framesOf(
  source: ImageSource,
  { byClass, rows, columns }: GridSize & { readonly byClass: boolean },
  { stops, steps, truncation, class: one }: LoopOptions,
): AsyncGenerator<Tensor<OwnFloat32Array>> {
  const count = byClass ? columns : rows * columns;
  const { data } = await source.noise(stops * count, { seed: 0, truncation });
  const walk = interpolateNoise({ shape: [stops, count, source.latentDim], data }, { steps, loop: true });
  const length = count * source.latentDim;
  for (let frame = 0; frame < stops * steps; frame++) {
    const noise = tensor(walk.data.subarray(frame * length, (frame + 1) * length), [count, source.latentDim]);
    yield byClass ? (await classGridOf(source, { noise })).images : await source.generate(count, { noise, class: one });
  }
}
