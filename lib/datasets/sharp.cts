// The package `sharp`, which decodes images. A CommonJS module in both builds of the package, as package-info.cts.
import type sharp from 'sharp';
import { CudaGanError } from '../errors.js';
import { requireHere } from '../package-info.cjs';

export type Sharp = typeof sharp;

/** @throws CudaGanError `CUDA_GAN_FILE` when it is not installed, or cannot be loaded. */
export function loadSharp(): Sharp {
  try {
    return requireHere('sharp');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === 'MODULE_NOT_FOUND' ? 'which is not here' : `which cannot be loaded (${firstLine(message)})`;
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `images are decoded by the package sharp, ${reason}: install it with \`npm install sharp\``,
      { cause },
    );
  }
}

const firstLine = (text: string) => text.trim().split('\n', 1)[0]!;
