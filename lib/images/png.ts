// PNG files.
import { PNG } from 'pngjs';
import { writeFileAtomic } from '../formats/files.js';

/** A picture: rows of RGB bytes. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `3 · width · height` bytes. */
  readonly rgb: Uint8Array;
}

/** @throws CudaGanError `CUDA_GAN_FILE` when the file cannot be written. */
export async function savePng(path: string, picture: Picture): Promise<void> {
  await writeFileAtomic(path, await encodePng(picture));
}

/** Compresses off the JavaScript thread. Grey pictures are stored as such. */
export function encodePng({ width, height, rgb }: Picture): Promise<Uint8Array> {
  const isGrey = rgb.every((value, i) => value === rgb[i - (i % 3)]);
  const png = new PNG({ width, height, colorType: isGrey ? 0 : 2, inputColorType: 2, inputHasAlpha: false });
  png.data = Buffer.from(rgb);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    png
      .pack()
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => resolve(Buffer.concat(chunks)))
      .on('error', reject);
  });
}
