// Fashion-MNIST: 70000 pictures of clothes, 28x28 pixels, in MNIST's format (Xiao, Rasul & Vollgraf, Fashion-MNIST: a Novel
// Image Dataset for Benchmarking Machine Learning Algorithms, 2017).
import { nonEmptyText, oneOfTwo, trueOrFalse } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { checkOptions, type OptionNames } from '../options.js';
import { type IdxFile, loadIdxFolder, md5Of } from './idx-folder.js';
import type { LabelledImages, Split } from './labelled-images.js';

/** What `fashionMnist` takes. */
export interface FashionMnistOptions {
  /** Folder with the IDX files under their usual names, gzipped or not. */
  readonly dataDir: string;
  /** `train`: 60000 images, `test`: 10000. Default `train`. */
  readonly split?: Split | undefined;
  /**
   * Whether gzipped files must be Fashion-MNIST's own, for which its authors give checksums. They give none for files
   * without compression: those are taken as they are. Set to false for other data of the same format. Default true.
   */
  readonly checksum?: boolean | undefined;
}

const optionNames: OptionNames<FashionMnistOptions> = { dataDir: true, split: true, checksum: true };

/** MD5 checksums of the gzipped files, from the authors' repository. @internal */
export const fashionMnistChecksums = {
  train: { images: '8d4fb7e6c68d591d4c3dfef9ec88bf0d', labels: '25c81989df183df01b3e8a0aad5dffbe' },
  test: { images: 'bef4ecab320f06d8554ea6380940ec79', labels: 'bb300cfdad3c16e7a12a480ee83cd310' },
} as const satisfies Record<Split, Record<'images' | 'labels', string>>;

/** @internal */
export const fashionMnistClasses = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const;

/**
 * Loads Fashion-MNIST: images [n, 28, 28, 1], 0 black to 255 white, and labels 0 to 9. The images' name is
 * `fashion-mnist`.
 * @throws CudaGanError `CUDA_GAN_FILE` when a file is missing, truncated, corrupt or not Fashion-MNIST's;
 * `CUDA_GAN_VALUE` for an unknown split or option.
 */
export async function fashionMnist(options: FashionMnistOptions): Promise<LabelledImages> {
  const { dataDir, split = 'train', checksum = true } = checkOptions('datasets.fashionMnist', options, optionNames);
  nonEmptyText('dataDir', dataDir);
  oneOfTwo('split', split, 'train', 'test');
  trueOrFalse('checksum', checksum);
  const { images, labels, files } = await loadIdxFolder(dataDir, split);
  if (checksum) {
    await requireMd5(files.images, fashionMnistChecksums[split].images);
    await requireMd5(files.labels, fashionMnistChecksums[split].labels);
  }
  requireClasses(labels.data, files.labels.path);
  return { images: { ...images, name: 'fashion-mnist' }, labels, classes: fashionMnistClasses };
}

async function requireMd5({ stored, path }: IdxFile, wanted: string): Promise<void> {
  if (!path.endsWith('.gz')) return;
  const md5 = await md5Of(stored);
  if (md5 === wanted) return;
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${path} is not Fashion-MNIST's: its MD5 checksum is ${md5}, wanted is ${wanted}. For other data in the same format set checksum to false`,
  );
}

function requireClasses(labels: Int32Array, path: string): void {
  const wrong = labels.findIndex((label) => label >= fashionMnistClasses.length);
  if (wrong < 0) return;
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${path} is not Fashion-MNIST's: label ${wrong} is ${labels[wrong]}; allowed are 0 to 9`,
  );
}
