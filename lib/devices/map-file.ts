// Files as memory, for data that is larger than memory.
import { constants } from 'node:buffer';
import { statSync } from 'node:fs';
import { CudaGanError } from '../errors.js';
import { fileError, InputFile } from '../formats/files.js';
import type { OwnUint8Array } from '../tensor.js';
import { requireAddon, translated } from './native.js';

/**
 * The bytes of a file. Where the system can, they are its pages, read when they are looked at and given back when memory is
 * short; who writes to them changes a copy of theirs and not the file. A cpu device computes on them in place. On Windows
 * the file is read whole.
 * @throws CudaGanError `CUDA_GAN_FILE` when the file cannot be read; `CUDA_GAN_NO_MEMORY` when no array is so long;
 * `CUDA_GAN_NO_DEVICE` when the addon cannot be loaded.
 */
export async function mapFile(path: string): Promise<OwnUint8Array> {
  const bytes = sizeOfFile(path);
  if (bytes > constants.MAX_LENGTH) {
    throw new CudaGanError(
      'CUDA_GAN_NO_MEMORY',
      `${path} has ${bytes} bytes, and an array of Node.js ${process.version} at most ${constants.MAX_LENGTH}`,
    );
  }
  const mapped = bytes === 0 ? new ArrayBuffer(0) : translated(() => requireAddon().mapFile(path, 0, bytes));
  if (mapped !== undefined) return new Uint8Array(mapped);
  return InputFile.with(path, (file) => file.readAll()) as Promise<OwnUint8Array>;
}

function sizeOfFile(path: string): number {
  try {
    return statSync(path).size;
  } catch (error) {
    throw fileError('read', path, error);
  }
}
