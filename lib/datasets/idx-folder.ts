// A folder of images and labels as IDX files under MNIST's names.
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CudaGanError } from '../errors.js';
import { listFolder, readBytes } from '../formats/files.js';
import type { OwnInt32Array, OwnUint8Array, Tensor } from '../tensor.js';
import { decodeIdx } from './idx.js';
import type { Split } from './labelled-images.js';

/** A file as it is in its folder, and without the compression that it may have. */
export interface IdxFile {
  readonly path: string;
  readonly stored: Uint8Array;
  readonly bytes: Uint8Array;
}

export interface IdxFolder {
  /** Pixels [n, height, width, 1]. */
  readonly images: Tensor<OwnUint8Array>;
  /** Class numbers [n]. */
  readonly labels: Tensor<OwnInt32Array>;
  readonly files: { readonly images: IdxFile; readonly labels: IdxFile };
}

const prefixes = { train: 'train', test: 't10k' } as const satisfies Record<Split, string>;

/**
 * Loads images and labels of a split.
 * @throws CudaGanError `CUDA_GAN_FILE` when a file is missing, truncated or corrupt, or there are not as many labels as images.
 */
export async function loadIdxFolder(folder: string, split: Split): Promise<IdxFolder> {
  const prefix = prefixes[split];
  const files = {
    images: await load(folder, candidates(`${prefix}-images`, 3)),
    labels: await load(folder, candidates(`${prefix}-labels`, 1)),
  };
  const images = decodeIdx(files.images.bytes, 3, files.images.path);
  const labels = decodeIdx(files.labels.bytes, 1, files.labels.path);
  if (images.shape[0] !== labels.shape[0]) {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${folder} holds ${images.shape[0]} images, but ${labels.shape[0]} labels for them`,
    );
  }
  return {
    images: { shape: [...images.shape, 1], data: images.data as OwnUint8Array },
    labels: { shape: labels.shape, data: Int32Array.from(labels.data) },
    files,
  };
}

/** Whether a folder of these files has training images as IDX. */
export function holdsIdx(files: readonly string[]): boolean {
  return candidates('train-images', 3).some((name) => files.includes(name));
}

/** Of bytes, in hexadecimal digits. */
export async function md5Of(bytes: Uint8Array): Promise<string> {
  const { createHash } = await import('node:crypto'); // here, because it takes long to load
  const hash = createHash('md5');
  // One update is limited to 2 GiB.
  for (let at = 0; at < bytes.length; at += 2 ** 30) hash.update(bytes.subarray(at, at + 2 ** 30));
  return hash.digest('hex');
}

/** `train-images-idx3-ubyte`, with a dot in place of the hyphen before `idx`, and with `.gz` or not. */
function candidates(name: string, dimensions: number): string[] {
  return ['-', '.'].flatMap((separator) =>
    ['', '.gz'].map((suffix) => `${name}${separator}idx${dimensions}-ubyte${suffix}`),
  );
}

async function load(folder: string, wanted: readonly string[]): Promise<IdxFile> {
  const present = await listFolder(folder);
  const found = wanted.find((candidate) => present.includes(candidate));
  if (found === undefined) throw new CudaGanError('CUDA_GAN_FILE', `${folder} holds none of ${wanted.join(', ')}`);
  const path = join(folder, found);
  const stored = await readBytes(path);
  return { path, stored, bytes: path.endsWith('.gz') ? await uncompressed(stored, path) : stored };
}

async function uncompressed(stored: Uint8Array, path: string): Promise<Uint8Array> {
  const { gunzip } = await import('node:zlib'); // as node:crypto
  try {
    return await promisify(gunzip)(stored);
  } catch (error) {
    throw new CudaGanError('CUDA_GAN_FILE', `${path} is corrupt: ${(error as Error).message}`, { cause: error });
  }
}
