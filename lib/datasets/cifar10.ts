// CIFAR-10: 60000 photos of 32x32 pixels in ten classes (Krizhevsky, Learning Multiple Layers of Features from Tiny Images,
// 2009), in the binary version: per image a byte with its label, then its red, its green and its blue plane.
import { join } from 'node:path';
import { nonEmptyText, oneOfTwo } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { listFolder, readBytes } from '../formats/files.js';
import { checkOptions, type OptionNames } from '../options.js';
import { createTypedArray } from '../tensor.js';
import type { LabelledImages, Split } from './labelled-images.js';

/** What `cifar10` takes. */
export interface Cifar10Options {
  /** Folder with the files `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`, or the folder above it. */
  readonly dataDir: string;
  /** `train`: 50000 images, `test`: 10000. Default `train`. */
  readonly split?: Split | undefined;
}

const optionNames: OptionNames<Cifar10Options> = { dataDir: true, split: true };

const cifar10Classes = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;

/** The folder that the official archive unpacks to. */
const officialFolder = 'cifar-10-batches-bin';

const fileNames = {
  train: [1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`),
  test: ['test_batch.bin'],
} as const satisfies Record<Split, readonly string[]>;

const side = 32;
const planes = 3;
const planeBytes = side * side;
const rowBytes = 1 + planes * planeBytes;

/**
 * Loads CIFAR-10: images [n, 32, 32, 3] and labels 0 to 9. The images' name is `cifar10`.
 * @throws CudaGanError `CUDA_GAN_FILE` when a file is missing, is no whole number of images, or holds a label above 9;
 * `CUDA_GAN_VALUE` for an unknown split or option.
 */
export async function cifar10(options: Cifar10Options): Promise<LabelledImages> {
  const { dataDir, split = 'train' } = checkOptions('datasets.cifar10', options, optionNames);
  nonEmptyText('dataDir', dataDir);
  oneOfTwo('split', split, 'train', 'test');
  const folder = await folderOf(dataDir, fileNames[split]);
  const batches: Uint8Array[] = [];
  for (const name of fileNames[split]) batches.push(await readBatch(join(folder, name)));
  const count = batches.reduce((sum, { length }) => sum + length / rowBytes, 0);
  const pixels = createTypedArray('uint8', count * planes * planeBytes);
  const labels = createTypedArray('int32', count);
  let row = 0;
  for (const batch of batches) {
    for (let at = 0; at < batch.length; at += rowBytes) {
      labels[row] = batch[at]!;
      const image = pixels.subarray(row * planes * planeBytes, (row + 1) * planes * planeBytes);
      interleave(batch.subarray(at + 1, at + rowBytes), image);
      row++;
    }
  }
  return {
    images: { shape: [count, side, side, planes], data: pixels, name: 'cifar10' },
    labels: { shape: [count], data: labels },
    classes: cifar10Classes,
  };
}

/** Whether a folder of these files is CIFAR-10's, or the one above it. @internal */
export function holdsCifar10(files: readonly string[]): boolean {
  return files.includes(officialFolder) || files.includes(fileNames.train[0]!);
}

async function folderOf(dataDir: string, names: readonly string[]): Promise<string> {
  const present = await listFolder(dataDir);
  const folder =
    present.includes(officialFolder) && !present.includes(names[0]!) ? join(dataDir, officialFolder) : dataDir;
  const found = folder === dataDir ? present : await listFolder(folder);
  const missing = names.filter((name) => !found.includes(name));
  if (missing.length === 0) return folder;
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${folder} lacks ${missing.join(', ')} of the binary version of CIFAR-10; files of the Python version (data_batch_1) are another format`,
  );
}

async function readBatch(path: string): Promise<Uint8Array> {
  const batch = await readBytes(path);
  if (batch.length === 0 || batch.length % rowBytes !== 0) {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${path} is not CIFAR-10's: it has ${batch.length} bytes; wanted is a multiple of ${rowBytes}, the bytes of an image with its label`,
    );
  }
  for (let at = 0; at < batch.length; at += rowBytes) {
    if (batch[at]! < cifar10Classes.length) continue;
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${path} is not CIFAR-10's: label ${at / rowBytes} is ${batch[at]}; allowed are 0 to 9`,
    );
  }
  return batch;
}

/** Planes [3, 32, 32] to pixels [32, 32, 3]. */
function interleave(source: Uint8Array, target: Uint8Array): void {
  for (let plane = 0; plane < planes; plane++) {
    for (let i = 0; i < planeBytes; i++) target[i * planes + plane] = source[plane * planeBytes + i]!;
  }
}
