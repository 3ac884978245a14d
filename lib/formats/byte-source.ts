// Bytes that are read where they are wanted: of a file, or in memory.
import { createTypedArray } from '../tensor.js';
import type { InputFile } from './files.js';

export interface ByteSource {
  /** For errors. */
  readonly path: string;
  readonly size: number;
  /** Fills `target` with the bytes from `position` on, all of which must be there. */
  read(target: Uint8Array, position: number): Promise<void>;
}

export function bytesSource(bytes: Uint8Array, path: string): ByteSource {
  return {
    path,
    size: bytes.length,
    read: async (target, position) => target.set(bytes.subarray(position, position + target.length)),
  };
}

/** Files of up to so many bytes are read at once: many small reads take longer. */
const smallBytes = 2 ** 20;

/** A file, which is read whole where it is small, or its size is not known before. */
export async function fileSource(file: InputFile): Promise<ByteSource> {
  const { path, size } = file;
  if (size === undefined || size <= smallBytes) return bytesSource(await file.readAll(), path);
  return { path, size, read: (target, position) => file.read(target, position) };
}

/** The `size` bytes of `source` from `begin` on, under a name of their own. */
export function windowSource(source: ByteSource, begin: number, size: number, path: string): ByteSource {
  return { path, size, read: (target, position) => source.read(target, begin + position) };
}

/** A copy of `length` bytes from `position` on. @throws CudaGanError `CUDA_GAN_NO_MEMORY` when there is no room for it. */
export async function bytesAt(source: ByteSource, position: number, length: number): Promise<Uint8Array> {
  const bytes = createTypedArray('uint8', length);
  await source.read(bytes, position);
  return bytes;
}
