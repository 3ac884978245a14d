// PNG files (ISO/IEC 15948), of 8 bits per channel.
import { promisify } from 'node:util';
import { writeFileAtomic } from '../formats/files.js';
import { encodeChunks, uint32 } from './png-chunks.js';

/** A picture: rows of pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 RGB, 4 RGB and alpha. */
  readonly channels: 1 | 3 | 4;
  /** `channels · width · height` bytes. */
  readonly pixels: Uint8Array;
}

const colorTypes = { 1: 0, 3: 2, 4: 6 } as const;
const paeth = 4;

/** @throws CudaGanError `CUDA_GAN_FILE` when the file cannot be written. */
export async function savePng(path: string, picture: Picture): Promise<void> {
  await writeFileAtomic(path, await encodePng(picture));
}

/** Compresses off the JavaScript thread. */
export async function encodePng(picture: Picture): Promise<Uint8Array> {
  const { constants, deflate } = await import('node:zlib');
  const { width, height, channels } = picture;
  const header = Buffer.concat([uint32(width), uint32(height), Buffer.from([8, colorTypes[channels], 0, 0, 0])]);
  // Looking for runs only takes a quarter of the time: the grids have little else, being scaled up.
  const data = await promisify(deflate)(filterRows(picture), { strategy: constants.Z_RLE });
  return encodeChunks([
    { type: 'IHDR', data: header },
    { type: 'IDAT', data },
    { type: 'IEND', data: Buffer.alloc(0) },
  ]);
}

/** Each row as its differences from a prediction, by Paeth's filter, behind the number of the filter. */
function filterRows({ width, height, channels, pixels }: Picture): Uint8Array {
  const length = channels * width;
  const rows = new Uint8Array((1 + length) * height);
  for (let y = 0; y < height; y++) {
    rows[y * (1 + length)] = paeth;
    for (let x = 0; x < length; x++) {
      const at = y * length + x;
      const left = x < channels ? 0 : pixels[at - channels]!;
      const above = y === 0 ? 0 : pixels[at - length]!;
      const aboveLeft = x < channels || y === 0 ? 0 : pixels[at - length - channels]!;
      rows[at + y + 1] = pixels[at]! - predict(left, above, aboveLeft);
    }
  }
  return rows;
}

/** That neighbour which is nearest to left + above - aboveLeft (Paeth 1991). */
function predict(left: number, above: number, aboveLeft: number): number {
  const fromLeft = distance(above, aboveLeft);
  const fromAbove = distance(left, aboveLeft);
  const fromAboveLeft = distance(left + above, 2 * aboveLeft);
  if (fromLeft <= fromAbove && fromLeft <= fromAboveLeft) return left;
  return fromAbove <= fromAboveLeft ? above : aboveLeft;
}

function distance(a: number, b: number): number {
  return a < b ? b - a : a - b;
}
