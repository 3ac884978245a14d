// Images side by side in one picture.
import { CudaGanError } from '../errors.js';
import { formatShape, type Tensor } from '../tensor.js';
import { type Picture, savePng } from './png.js';

export interface GridOptions {
  /** Default 5. */
  readonly rows?: number | undefined;
  /** Default 5. */
  readonly columns?: number | undefined;
  /** Side of the square of pixels that an image's pixel becomes. Default 3. */
  readonly scale?: number | undefined;
}

const gap = 6;
const background = 255;

/**
 * Draws images [n, height, width, channels], -1 black to 1 white, in rows. Values outside are cut off; places beyond
 * the last image stay white.
 * @internal
 * @throws CudaGanError `CUDA_GAN_SHAPE` unless there are 1 (grey) or 3 (RGB) channels.
 */
export function drawGrid(
  images: Tensor<Float32Array>,
  { rows = 5, columns = 5, scale = 3 }: GridOptions = {},
): Picture {
  const [count, height, width, channels] = images.shape;
  if (images.shape.length !== 4 || (channels !== 1 && channels !== 3)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `images have shape ${formatShape(images.shape)}; wanted is [n, height, width, 1 or 3]`,
    );
  }
  const [cellWidth, cellHeight] = [width! * scale + gap, height! * scale + gap];
  const size = { width: columns * cellWidth + gap, height: rows * cellHeight + gap };
  const pixels = new Uint8Array(channels * size.width * size.height).fill(background);
  for (let i = 0; i < Math.min(count!, rows * columns); i++) {
    const left = gap + (i % columns) * cellWidth;
    const top = gap + Math.floor(i / columns) * cellHeight;
    for (let y = 0; y < height! * scale; y++) {
      for (let x = 0; x < width! * scale; x++) {
        const from = ((i * height! + Math.floor(y / scale)) * width! + Math.floor(x / scale)) * channels;
        const to = ((top + y) * size.width + left + x) * channels;
        for (let c = 0; c < channels; c++) pixels[to + c] = toByte(images.data[from + c]!);
      }
    }
  }
  return { ...size, channels, pixels };
}

/** Draws a grid into a PNG file. @throws CudaGanError `CUDA_GAN_SHAPE`, or `CUDA_GAN_FILE` when it cannot be written. */
export async function saveGrid(path: string, images: Tensor<Float32Array>, options?: GridOptions): Promise<void> {
  await savePng(path, drawGrid(images, options));
}

/** -1 .. 1 to 0 .. 255, as the article does: 0.5 x + 0.5 is the brightness. */
function toByte(value: number): number {
  return Math.round(255 * Math.min(1, Math.max(0, 0.5 * value + 0.5)));
}
