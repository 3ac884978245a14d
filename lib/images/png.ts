// PNG files (ISO/IEC 15948), of 8 bits per channel.
import { promisify } from 'node:util';
import { writeFileAtomic } from '../formats/files.js';

/** A picture: rows of pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 RGB. */
  readonly channels: 1 | 3;
  /** `channels · width · height` bytes. */
  readonly pixels: Uint8Array;
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const colorTypes = { 1: 0, 3: 2 } as const;
const paeth = 4;

/** @throws CudaGanError `CUDA_GAN_FILE` when the file cannot be written. */
export async function savePng(path: string, picture: Picture): Promise<void> {
  await writeFileAtomic(path, await encodePng(picture));
}

/** Compresses off the JavaScript thread. */
export async function encodePng(picture: Picture): Promise<Uint8Array> {
  const { constants, crc32, deflate } = await import('node:zlib');
  const chunk = (type: string, data: Uint8Array) => {
    const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    return Buffer.concat([word(data.length), content, word(crc32(content))]);
  };
  const { width, height, channels } = picture;
  const header = Buffer.concat([word(width), word(height), Buffer.from([8, colorTypes[channels], 0, 0, 0])]);
  // Looking for runs only takes a quarter of the time: the grids have little else, being scaled up.
  const data = await promisify(deflate)(filterRows(picture), { strategy: constants.Z_RLE });
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
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
