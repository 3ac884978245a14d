// The data of `cuda-gan classify`: what is trained on, what is measured by, and images of which nothing is known.
import { promises } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { TrainedClassifier } from '../classifiers/trained.js';
import { decodeImages } from '../datasets/decode-images.js';
import { type ImageFiles, listImages } from '../datasets/image-files.js';
import { CudaGanError } from '../errors.js';
import { drawRows, rowsAt } from '../evaluation/subsets.js';
import { fileError } from '../formats/files.js';
import { RandomStream } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import { formatShape, type Shape, type Tensor, type TypedArray } from '../tensor.js';
import type { DataOptions } from './data-options.js';
import { loadTrainingData, type TrainingData } from './training-data.js';

export interface Labelled {
  readonly images: Tensor;
  /** Class numbers [n]. */
  readonly labels: Tensor<Int32Array>;
}

export interface LabelledData extends Labelled {
  /** Names, in the order of the class numbers. */
  readonly classes: readonly string[];
  readonly heldOut?: Labelled | undefined;
}

/** Data with its classes. @throws CudaGanError `CUDA_GAN_DATA` when the images have none, or all have the same. */
export function requireLabelled(path: string, data: TrainingData): LabelledData {
  const { images, labels, classes, heldOut } = data;
  if (labels === undefined || classes === undefined) {
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      `the images of ${path} have no classes: wanted are a folder with sub-folders as classes, an .npz file with labels (y), IDX files or CIFAR-10`,
    );
  }
  const held = heldOut?.labels && { images: heldOut.images, labels: heldOut.labels };
  return { images, labels, classes, heldOut: held };
}

/** @throws CudaGanError `CUDA_GAN_DATA` for fewer than two classes that have images. */
export function requireClasses(path: string, { labels, classes }: LabelledData): void {
  const found = new Set(labels.data);
  if (found.size > 1) return;
  if (found.size === 0) throw new CudaGanError('CUDA_GAN_DATA', `${path} holds no images`);
  const only = classes[labels.data[0]!];
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `all images of ${path} are of one class, ${only}: there is nothing to tell apart`,
  );
}

export interface Parts {
  readonly training: Labelled;
  /** What is looked at after every epoch. */
  readonly validation: Labelled | undefined;
  /** What the figures are of. */
  readonly test: Labelled;
  /** What that is, in words. */
  readonly measuredOn: string;
}

/** Of images that have no test set. */
export const defaultSplit = 0.1;

/**
 * Holds out a `share` of the images, drawn at random by `seed`: data sets are often sorted by classes. The figures are of the test
 * set where there is one, else of those.
 * @throws CudaGanError `CUDA_GAN_DATA` when there are too few images for that.
 */
export function partsOf(data: LabelledData, share: number | undefined, seed: number): Parts {
  const { heldOut } = data;
  if (heldOut !== undefined && share === undefined) {
    return { training: data, validation: undefined, test: heldOut, measuredOn: inWords(heldOut, 'of the test set') };
  }
  const rows = data.labels.data.length;
  const count = Math.round(rows * (share ?? defaultSplit));
  if (count === 0 || count >= rows) {
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      `of ${rows} images, a share of ${share ?? defaultSplit} held out leaves ${rows - count} to train on and ${count} to measure by`,
    );
  }
  const order = drawRows(rows, rows, new RandomStream(seed, firstStream.data));
  const at = (from: number, to: number): Labelled => {
    const numbers = order.slice(from, to).sort();
    return {
      images: rowsAt<TypedArray>(data.images as Tensor<TypedArray>, numbers),
      labels: rowsAt(data.labels, numbers),
    };
  };
  const held = at(0, count);
  const test = heldOut ?? held;
  const measuredOn = inWords(test, heldOut === undefined ? 'that were held out of the data' : 'of the test set');
  return { training: at(count, rows), validation: held, test, measuredOn };
}

function inWords({ labels }: Labelled, what: string): string {
  return `${labels.data.length} images ${what}`;
}

/**
 * Labels by the numbers that a model has for the classes of those names. Where data has numbers for names, these are the model's.
 * @throws CudaGanError `CUDA_GAN_DATA` for a class that the model does not know.
 */
export function labelsFor(known: readonly string[], { labels, classes }: LabelledData): Tensor<Int32Array> {
  const isNumbered = classes.every((name, number) => name === String(number));
  const numbers = classes.map((name, number) => (known.includes(name) || !isNumbered ? known.indexOf(name) : number));
  const wrong = labels.data.find((label) => !(numbers[label]! >= 0 && numbers[label]! < known.length));
  if (wrong === undefined) return { shape: labels.shape, data: labels.data.map((label) => numbers[label]!) };
  const some = known.slice(0, 20).join(', ');
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `the data has the class ${classes[wrong]}; the model tells ${some}${known.length > 20 ? ', …' : ''}`,
  );
}

/** @throws CudaGanError `CUDA_GAN_SHAPE` for images of another size than a model takes. */
export function requireShape(path: string, { shape }: Tensor, imageShape: Shape): void {
  const found = shape.slice(1);
  if (formatShape(found) === formatShape(imageShape)) return;
  const size = (of: Shape) => of.join(' x ');
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `${path} has images of ${size(found)}; the model takes ${size(imageShape)} (height, width, channels)`,
  );
}

/** How a folder of images is read for a model: brought to its size, in the way of its training. */
export function fittingOptions({ imageShape, run }: Pick<TrainedClassifier, 'imageShape' | 'run'>) {
  const [height, width, channels] = imageShape as readonly [number, number, number];
  const { fit = 'crop' } = (run?.data ?? {}) as DataOptions;
  const read: 1 | 3 | 4 | undefined = channels === 1 || channels === 3 || channels === 4 ? channels : undefined;
  return { size: [height, width] as const, channels: read, fit };
}

/** Images, and what each is called. */
export interface NamedImages {
  readonly names: readonly string[];
  readonly images: Tensor;
}

/**
 * The images at a path: a file, those of a folder with all that is in it, or of an .npy or .npz file.
 * @throws CudaGanError `CUDA_GAN_FILE` for what is not there or cannot be decoded, `CUDA_GAN_SHAPE` for arrays of another size.
 */
export async function readImages(
  path: string,
  classifier: Pick<TrainedClassifier, 'imageShape' | 'run'>,
): Promise<NamedImages> {
  const isFolder = await isFolderAt(path);
  if (!isFolder && ['.npy', '.npz'].includes(extname(path).toLowerCase())) {
    const { images } = await loadTrainingData(path);
    requireShape(path, images, classifier.imageShape);
    return { names: Array.from({ length: images.shape[0]! }, (_, i) => `${path}[${i}]`), images };
  }
  const folder = isFolder ? path : dirname(path);
  const alone = { path: basename(path), bytes: 0, modified: 0, label: 0 };
  const files: ImageFiles = isFolder
    ? await listImages(path, false)
    : { files: [alone], classes: undefined, skipped: [] };
  const { size, channels, fit } = fittingOptions(classifier);
  if (channels === undefined) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the model takes images of ${classifier.imageShape[2]} channels; files of images have 1, 3 or 4: give .npy`,
    );
  }
  const format = { size: { height: size[0], width: size[1] }, fit, channels, background: { r: 0, g: 0, b: 0 } };
  const parts: Uint8Array[] = [];
  const { shape } = await decodeImages(
    { folder, files, format, strict: true, onProgress: undefined },
    async (pixels) => {
      parts.push(pixels);
    },
  );
  const names = files.files.map((file) => (isFolder ? join(folder, file.path) : path));
  return { names, images: { shape, data: new Uint8Array(Buffer.concat(parts)) } };
}

async function isFolderAt(path: string): Promise<boolean> {
  try {
    return (await promises.stat(path)).isDirectory();
  } catch (error) {
    throw fileError('read', path, error);
  }
}
