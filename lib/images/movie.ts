// Pictures one after the other: an animated PNG file, which browsers play as an image.
import { inWords, numberFromTo } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { animatedPng, requireEnding } from '../formats/endings.js';
import { readBytes, writeFileAtomic } from '../formats/files.js';
import { checkOptions, type OptionNames } from '../options.js';
import { requireTensor, sizeOf, type Tensor } from '../tensor.js';
import { AnimatedPng } from './apng.js';
import { checkGridOptions, drawGrid, type GridOptions } from './grid.js';
import { encodePng } from './png.js';

/** What `saveMovie` takes. */
export interface MovieOptions extends GridOptions {
  /** Frames per second, from 0.1 to 60. Default 10. */
  readonly fps?: number | undefined;
  /** Seconds for which the last frame stays, from 0 to 60. Default: as long as any other. */
  readonly holdSeconds?: number | undefined;
}

/** Images to draw as grids, or the path of a PNG file. */
export type MovieFrames = Tensor<Float32Array> | string;

const optionNames: OptionNames<MovieOptions> = {
  rows: true,
  columns: true,
  scale: true,
  range: true,
  fps: true,
  holdSeconds: true,
};

/**
 * Writes an animated PNG file that plays without end.
 *
 * @param frames What it shows: images [n, height, width, channels] or [n, height, width], of which `rows * columns` at a time
 * are drawn in one frame, as `saveGrid` draws them; or a list of such tensors and of paths of PNG files, which are one
 * frame each and are taken over as they are. Lists may also be async iterables, so that no more than one of their items
 * need be in memory.
 *
 * @example
 * await saveMovie('run.png', await runPictures('runs/mnist'), { fps: 10, holdSeconds: 2 });
 *
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option, or a path that ends as other formats do; `CUDA_GAN_DATA` or `CUDA_GAN_SHAPE` for what cannot be drawn,
 * for no frames, and for frames of several sizes; `CUDA_GAN_FILE` for a PNG file that is missing or damaged, and when the
 * movie cannot be written.
 */
export async function saveMovie(
  path: string,
  frames: Tensor<Float32Array> | Iterable<MovieFrames> | AsyncIterable<MovieFrames>,
  options?: MovieOptions,
): Promise<void> {
  requireEnding(path, animatedPng);
  const { timing, grid } = checkMovieOptions(options);
  const movie = new AnimatedPng();
  let drawn = 0;
  for await (const item of requireFrames(frames)) {
    if (typeof item === 'string') {
      await movie.add({ name: item, bytes: await readBytes(item) });
      continue;
    }
    for (const images of gridsOf(item, grid.rows * grid.columns)) {
      await movie.add({ name: `drawn frame ${drawn++}`, bytes: await encodePng(drawGrid(images, grid)) });
    }
  }
  await writeFileAtomic(path, await movie.encode(timing));
}

function checkMovieOptions(options: MovieOptions | undefined) {
  const { fps = 10, holdSeconds, ...rest } = checkOptions('saveMovie', options, optionNames);
  const frameMilliseconds = Math.round(1000 / numberFromTo('fps', fps, 0.1, 60));
  const lastMilliseconds =
    holdSeconds === undefined ? frameMilliseconds : Math.round(1000 * numberFromTo('holdSeconds', holdSeconds, 0, 60));
  return { timing: { frameMilliseconds, lastMilliseconds }, grid: checkGridOptions(rest) };
}

function requireFrames(frames: unknown): Iterable<MovieFrames> | AsyncIterable<MovieFrames> {
  if (typeof frames === 'object' && frames !== null) {
    if ('data' in frames && 'shape' in frames) return [frames as Tensor<Float32Array>];
    if (Symbol.iterator in frames || Symbol.asyncIterator in frames) return frames as Iterable<MovieFrames>;
  }
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `frames is ${inWords(frames)}; allowed are tensors, and lists of tensors and of paths of PNG files`,
  );
}

/** Images of so many grids, `size` each but for the last. */
function gridsOf(images: Tensor<Float32Array>, size: number): Tensor<Float32Array>[] {
  const { shape, data } = requireTensor('images', images) as Tensor<Float32Array>;
  const [count = 1, ...imageShape] = shape;
  const length = sizeOf(imageShape);
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => {
    const end = Math.min(count, (i + 1) * size);
    return { shape: [end - i * size, ...imageShape], data: data.subarray(i * size * length, end * length) };
  });
}
