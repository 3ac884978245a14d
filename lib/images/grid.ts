// Images side by side in one picture.
import { wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { png, requireEnding } from '../formats/endings.js';
import { type PixelRange, requirePixelRange } from '../models/pixel-range.js';
import { checkOptions, type OptionNames } from '../options.js';
import { createTypedArray, dtypeOf, formatShape, requireTensor, type Shape, type Tensor } from '../tensor.js';
import { type Picture, savePng } from './png.js';

/** What `saveGrid` takes. */
export interface GridOptions {
  /** Default 5. */
  readonly rows?: number | undefined;
  /** Default 5. */
  readonly columns?: number | undefined;
  /** Side of the square of pixels that an image's pixel becomes. Default 3. */
  readonly scale?: number | undefined;
  /** The numbers that are drawn black and white. Default `[-1, 1]`; `[0, 1]` fits what ends in a sigmoid. */
  readonly range?: PixelRange | undefined;
}

const optionNames: OptionNames<GridOptions> = { rows: true, columns: true, scale: true, range: true };

const gap = 6;
const background = 255;

/** 1 GiB, before compression. */
const maxPictureBytes = 2 ** 30;

/** Whether a sample of this shape can be drawn: [height, width] or [height, width, channels]. @internal */
export function isPicture(shape: Shape): boolean {
  return shape.length === 2 || shape.length === 3;
}

/**
 * Draws images [n, height, width, channels] or [n, height, width], from black to white over `range`, in rows. Values outside are cut
 * off; places beyond the last image stay white. One channel is grey, three are RGB, four RGB and alpha; any other number
 * is drawn side by side, each channel in grey.
 * @internal
 * @throws CudaGanError `CUDA_GAN_SHAPE` for images of another shape; `CUDA_GAN_DATA` unless they are float32 without NaN;
 * `CUDA_GAN_VALUE` for a wrong option, more images than places, or a picture of more than 1 GiB.
 */
export function drawGrid(images: Tensor<Float32Array>, options?: GridOptions): Picture {
  const { data, count, height, width, channels, tiles } = requireImages(images);
  const { rows, columns, scale, range } = checkGridOptions(options);
  if (count > rows * columns) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `${count} images do not fit into ${rows} rows of ${columns}; give rows and columns that they fit into`,
    );
  }
  const [cellWidth, cellHeight] = [tiles * width * scale + gap, height * scale + gap];
  const size = { width: columns * cellWidth + gap, height: rows * cellHeight + gap };
  const bytes = channels * size.width * size.height;
  if (bytes > maxPictureBytes) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `${rows} rows of ${columns} images make a picture of ${size.width} x ${size.height} pixels; allowed is 1 GiB`,
    );
  }
  const pixels = createTypedArray('uint8', bytes).fill(background);
  for (let i = 0; i < count; i++) {
    const left = gap + (i % columns) * cellWidth;
    const top = gap + Math.floor(i / columns) * cellHeight;
    for (let y = 0; y < height * scale; y++) {
      for (let x = 0; x < tiles * width * scale; x++) {
        const column = Math.floor(x / scale);
        const tile = Math.floor(column / width);
        const pixel = (i * height + Math.floor(y / scale)) * width + (column % width);
        const from = pixel * channels * tiles + tile;
        const to = ((top + y) * size.width + left + x) * channels;
        for (let c = 0; c < channels; c++) pixels[to + c] = toByte(data[from + c]!, range);
      }
    }
  }
  return { ...size, channels, pixels };
}

/** Draws a grid into a PNG file. @throws CudaGanError as `drawGrid`; `CUDA_GAN_VALUE` for a path that ends as other formats do, `CUDA_GAN_FILE` when it cannot be written. */
export async function saveGrid(path: string, images: Tensor<Float32Array>, options?: GridOptions): Promise<void> {
  requireEnding(path, png);
  await savePng(path, drawGrid(images, options));
}

/** Options with their defaults. */
export function checkGridOptions(options: GridOptions | undefined) {
  const { rows = 5, columns = 5, scale = 3, range = [-1, 1] } = checkOptions('saveGrid', options, optionNames);
  return {
    rows: wholeNumber('rows', rows, 1),
    columns: wholeNumber('columns', columns, 1),
    scale: wholeNumber('scale', scale, 1),
    range: requirePixelRange('range', range),
  };
}

/** Images as they are drawn: each as so many `tiles` of so many `channels`. */
interface Drawn {
  readonly data: ArrayLike<number>;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: Picture['channels'];
  readonly tiles: number;
}

function requireImages(images: Tensor<Float32Array>): Drawn {
  const { shape, data } = requireTensor('images', images);
  if (!isPicture(shape.slice(1))) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `images have shape ${formatShape(shape)}; wanted is [n, height, width, channels] or [n, height, width]`,
    );
  }
  if (dtypeOf(data) !== 'float32') {
    throw new CudaGanError('CUDA_GAN_DATA', `images hold ${dtypeOf(data)}; wanted is a Float32Array of -1 to 1`);
  }
  const wrong = data.findIndex(Number.isNaN);
  if (wrong >= 0) throw new CudaGanError('CUDA_GAN_DATA', `images contain NaN at index ${wrong}`);
  const [count, height, width, channels = 1] = shape as [number, number, number, number?];
  if (channels === 1 || channels === 3 || channels === 4) return { data, count, height, width, channels, tiles: 1 };
  return { data, count, height, width, channels: 1, tiles: channels };
}

/** `range` to 0 .. 255: for -1 .. 1, 0.5 x + 0.5 is the brightness, as in the article. */
function toByte(value: number, [low, high]: PixelRange): number {
  return Math.round(255 * Math.min(1, Math.max(0, (value - low) / (high - low))));
}
