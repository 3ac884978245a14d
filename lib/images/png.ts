// PNG files.
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

/** @throws CudaGanError `CUDA_GAN_FILE` when the file cannot be written. */
export async function savePng(path: string, picture: Picture): Promise<void> {
  await writeFileAtomic(path, await encodePng(picture));
}

/** Compresses off the JavaScript thread. Loads pngjs when first called: that takes longer than loading this package. */
export async function encodePng({ width, height, channels, pixels }: Picture): Promise<Uint8Array> {
  const { PNG } = await import('pngjs');
  const colorType = channels === 1 ? 0 : 2;
  // One filter for all rows (Paeth's): pngjs would compute all five to choose by, on the JavaScript thread.
  const png = new PNG({ colorType, inputColorType: colorType, inputHasAlpha: false, filterType: 4 });
  // As options, width and height would make pngjs allocate pixels of its own.
  png.width = width;
  png.height = height;
  png.data = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    png
      .pack()
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => resolve(Buffer.concat(chunks)))
      .on('error', reject);
  });
}
