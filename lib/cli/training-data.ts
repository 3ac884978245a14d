// What `--data` names, loaded: a name, a file of NumPy's, or a folder of images in one of several formats.
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { cifar10, holdsCifar10 } from '../datasets/cifar10.js';
import { fashionMnistChecksums, fashionMnistClasses } from '../datasets/fashion-mnist.js';
import { holdsIdx, loadIdxFolder, md5Of } from '../datasets/idx-folder.js';
import type { DecodingProgress } from '../datasets/image-files.js';
import { type ImageFolderOptions, imageFolder } from '../datasets/image-folder.js';
import { digitsOf, mnist, mnistChecksums, numbersUpTo } from '../datasets/mnist.js';
import { stackedMnist } from '../datasets/stacked-mnist.js';
import { CudaGanError } from '../errors.js';
import { requireFinite } from '../evaluation/features.js';
import { fileError, listFolder } from '../formats/files.js';
import { loadNpy, loadNpz } from '../formats/npy.js';
import { areBytes, rangeOf, signedUnit } from '../gan/data-range.js';
import { formatShape, type NamedTensor, type Tensor } from '../tensor.js';

export interface TrainingData {
  /** [n, ...imageShape]. Their name is that of the data, where it is known. */
  readonly images: NamedTensor<Uint8Array | Float32Array>;
  /** Class numbers [n], and what they mean, where there are classes. */
  readonly labels?: Tensor<Int32Array> | undefined;
  readonly classes?: readonly string[] | undefined;
  /** What is to be measured by and not trained on, where the data has such a part: the test set of MNIST. */
  readonly heldOut?: Pick<TrainingData, 'images' | 'labels'> | undefined;
}

/** How a folder of images is read; for other data none of them is allowed. */
export type ImageOptions = Pick<ImageFolderOptions, 'size' | 'channels' | 'fit' | 'strict'>;

const flags = { size: '--image-size', channels: '--channels', fit: '--fit', strict: '--strict' } as const;

const named: Readonly<Record<string, () => Promise<TrainingData>>> = {
  mnist: async () => ({ ...(await mnist()), heldOut: await mnist({ split: 'test' }) }),
  'stacked-mnist': () => stackedMnist(),
};

/** What arrays of an .npz file are called that hold images, or class numbers, by those who save them. */
const imageNames = ['x', 'x_train', 'images', 'arr_0'];
const labelNames = ['y', 'y_train', 'labels', 'arr_1'];

/**
 * Loads the data at `path`: a file or folder, or the name of a data set where there is none of that name. Default: MNIST.
 * `imageDefaults` say how a folder of images is read where `options` do not.
 * @throws CudaGanError `CUDA_GAN_FILE` or `CUDA_GAN_DATA` for what is not there, is damaged or holds no images, `CUDA_GAN_SHAPE`
 * for an array of another shape; `CUDA_GAN_VALUE` for image options with anything but a folder of images.
 */
export async function loadTrainingData(
  path = 'mnist',
  options: ImageOptions = {},
  onProgress?: (progress: DecodingProgress) => void,
  imageDefaults: ImageOptions = {},
): Promise<TrainingData> {
  const byName = Object.hasOwn(named, path) ? named[path] : undefined;
  const kind = await kindAt(path, byName === undefined);
  if (kind === 'folder') {
    const present = await listFolder(path);
    if (!holdsIdx(present) && !holdsCifar10(present)) {
      if (present.length === 0) throw nothingKnown(path);
      return loadImages(path, { ...imageDefaults, ...options }, onProgress);
    }
    refuseImageOptions(path, options);
    return holdsIdx(present) ? loadIdx(path) : cifar10({ dataDir: path });
  }
  refuseImageOptions(path, options);
  return kind === 'file' ? loadArrays(path) : byName!();
}

/** What there is at a path; undefined where there is nothing, unless something is wanted. */
async function kindAt(path: string, wanted: boolean): Promise<'folder' | 'file' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isMissing && !wanted) return undefined;
    const { message } = fileError('read the data', path, error);
    const known = isMissing ? `; names of data sets are ${Object.keys(named).join(' and ')}` : '';
    throw new CudaGanError('CUDA_GAN_FILE', `${message}${known}`, { cause: error });
  }
}

function nothingKnown(folder: string): CudaGanError {
  return new CudaGanError(
    'CUDA_GAN_DATA',
    `${folder} holds nothing to train on: wanted are files of MNIST's format (train-images-idx3-ubyte, …), of CIFAR-10 (data_batch_1.bin, …), or images`,
  );
}

async function loadImages(
  path: string,
  options: ImageOptions,
  onProgress: ((progress: DecodingProgress) => void) | undefined,
): Promise<TrainingData> {
  const { images, labels, classes } = await imageFolder(path, { ...options, onProgress });
  return { images, labels, classes: labels && classes };
}

/** IDX files of any data set in MNIST's format. Those that are known by their checksums have their names. */
async function loadIdx(folder: string): Promise<TrainingData> {
  const { images, labels, files } = await loadIdxFolder(folder, 'train');
  const classes = digitsOf(labels.data);
  const { bytes, stored } = files.images;
  if ((await md5Of(bytes)) === mnistChecksums.train.images)
    return { images: { ...images, name: 'mnist' }, labels, classes };
  if ((await md5Of(stored)) !== fashionMnistChecksums.train.images) return { images, labels, classes };
  return { images: { ...images, name: 'fashion-mnist' }, labels, classes: fashionMnistClasses };
}

async function loadArrays(path: string): Promise<TrainingData> {
  switch (extname(path).toLowerCase()) {
    case '.npy':
      return { images: requireImages(path, await loadNpy(path)) };
    case '.npz':
      return loadArchive(path);
    default:
      throw new CudaGanError(
        'CUDA_GAN_FILE',
        `${path} is no data to train on: allowed are folders, and files ending in .npy and .npz`,
      );
  }
}

async function loadArchive(path: string): Promise<TrainingData> {
  const arrays = await loadNpz(path);
  const [images, labels] = [imageNames, labelNames].map((names) =>
    arrays.get(names.find((name) => arrays.has(name)) ?? ''),
  );
  if (images === undefined) {
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      `${path} holds the arrays ${[...arrays.keys()].join(', ')}; images must be called ${imageNames.join(', ')}`,
    );
  }
  const found = requireImages(path, images);
  if (labels === undefined) return { images: found };
  const numbers = requireLabels(path, labels, found.shape[0]!);
  return { images: found, labels: numbers, classes: numbersUpTo(numbers.data) };
}

/** Images [n, height, width, channels]; a last axis of length 1 may be missing. */
function requireImages(path: string, { shape, data }: Tensor): NamedTensor<Uint8Array | Float32Array> {
  const [, channels = 0, , last = 1] = shape;
  const isFirst = shape.length === 4 && isChannels(channels) && !isChannels(last);
  if ((shape.length === 3 || shape.length === 4) && !isFirst && !(data instanceof Int32Array)) {
    if (shape[0] === 0)
      throw new CudaGanError('CUDA_GAN_DATA', `${path} holds no images: its shape is ${formatShape(shape)}`);
    if (data instanceof Float32Array) requireFloatPixels(path, data, data.length / shape[0]!);
    return { shape: [...shape.slice(0, 3), last], data };
  }
  const wanted = 'wanted are uint8 or float32 images [n, height, width] or [n, height, width, channels]';
  const advice = isFirst ? ', with the channels last: x.transpose(0, 2, 3, 1)' : '';
  const type = data instanceof Int32Array ? 'int32' : 'an array';
  throw new CudaGanError('CUDA_GAN_SHAPE', `${path} holds ${type} of shape ${formatShape(shape)}; ${wanted}${advice}`);
}

/** @throws CudaGanError `CUDA_GAN_DATA` for numbers that are not finite, and for bytes as floating-point numbers. */
function requireFloatPixels(path: string, data: Float32Array, perImage: number): void {
  requireFinite(path, data, perImage);
  const found = rangeOf(data);
  if (!areBytes(found, signedUnit)) return;
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `${path} has float32 pixels from ${found.low} to ${found.high}; wanted are those of -1 to 1 or 0 to 1, or uint8 of 0 to 255`,
  );
}

const isChannels = (count: number) => [1, 3, 4].includes(count);

/** Class numbers [n] or [n, 1]. */
function requireLabels(path: string, { shape, data }: Tensor, count: number): Tensor<Int32Array> {
  // A number far beyond the count of images is a stray one: each class would have networks of its own.
  const most = Math.max(count, 65536);
  const wrong = data.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < most));
  if (shape[0] === count && data.length === count && wrong < 0) return { shape: [count], data: Int32Array.from(data) };
  const found = wrong < 0 ? `labels of shape ${formatShape(shape)}` : `the label ${data[wrong]}`;
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `${path} holds ${found}; wanted are ${count} class numbers from 0 to ${most - 1}, one for each image`,
  );
}

function refuseImageOptions(path: string, options: ImageOptions): void {
  const given = Object.entries(flags).filter(([name]) => options[name as keyof ImageOptions] !== undefined);
  if (given.length === 0) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `${given.map(([, flag]) => flag).join(', ')}: only for folders of images, and ${path} is none`,
  );
}
