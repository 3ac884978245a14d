// The images that models are compared on.
import { CudaGanError } from '../errors.js';
import { drawRows, rowsAt } from '../evaluation/subsets.js';
import { requireTrainingImages, type TrainingImages } from '../gan/training-data.js';
import { isPicture } from '../images/grid.js';
import { RandomStream } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import { formatShape, type NamedTensor, requireTensor, type Tensor, type TypedArray } from '../tensor.js';

interface Labelled {
  readonly images: NamedTensor<Uint8Array | Float32Array>;
  readonly labels: Tensor<Int32Array> | undefined;
}

export interface ComparedImages {
  readonly training: Labelled;
  /** What samples are measured against: images that were held out, or those of the training. */
  readonly reference: Labelled;
  readonly isHeldOut: boolean;
  /** Number of classes; undefined where there are no labels. */
  readonly classes: number | undefined;
}

/**
 * @throws CudaGanError `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for what are no pictures of bytes, or labels that do not fit.
 */
export function requireComparedImages(given: TrainingImages, heldOut: TrainingImages | undefined): ComparedImages {
  const named = 'images' in given ? given : { images: given, labels: undefined };
  const { shape, data } = requireTensor('images', named.images);
  const imageShape = shape.slice(1);
  if (!isPicture(imageShape) || imageShape.length !== 3) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `images has shape ${formatShape(shape)}; wanted is [n, height, width, channels]`,
    );
  }
  // What is black and white in other numbers, each kind of model has its own idea of.
  if (!(data.BYTES_PER_ELEMENT === 1)) {
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      'images holds numbers that are no bytes; models are compared on uint8 pixels',
    );
  }
  const classes = classesOf(named.labels);
  const training = labelled(given, imageShape, classes, 'images');
  const reference = heldOut === undefined ? training : labelled(heldOut, imageShape, classes, 'heldOut');
  return { training, reference, isHeldOut: heldOut !== undefined, classes };
}

function labelled(
  given: TrainingImages,
  imageShape: readonly number[],
  classes: number | undefined,
  what: string,
): Labelled {
  const { images, labels, name } = requireTrainingImages(given, imageShape, classes, what);
  return { images: { ...(images as Tensor<Uint8Array>), name }, labels };
}

function classesOf(labels: Tensor | undefined): number | undefined {
  if (labels === undefined) return undefined;
  const { data } = requireTensor('labels', labels);
  let most = 0;
  for (const label of data) most = Math.max(most, label);
  return most + 1;
}

/** With as many images to measure against as there are samples, at most: drawn at random, as data may be sorted by classes. */
export function withSomeReference(
  images: ComparedImages,
  { count, seed }: { readonly count: number; readonly seed: number },
): ComparedImages {
  const { images: all, labels } = images.reference;
  const total = all.shape[0]!;
  if (count >= total) return images;
  const rows = drawRows(total, count, new RandomStream(seed, firstStream.evaluation));
  const some = rowsAt<TypedArray>(all, rows) as Tensor<Uint8Array>;
  return { ...images, reference: { images: some, labels: labels && rowsAt(labels, rows) } };
}
