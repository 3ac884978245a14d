// What a GAN trains on: images, and their classes where its networks know classes.
import { notAllowed } from '../checks.js';
import type { Device } from '../devices/device.js';
import { CudaGanError } from '../errors.js';
import { dataVariable, requireSamples } from '../models/data.js';
import type { Variable } from '../program/variable.js';
import { copyOf, dtypeOf, type NamedTensor, requireTensor, type Shape, type Tensor } from '../tensor.js';

/** Images [n, ...image], alone or with their classes, whole numbers [n], as data sets are. */
export type TrainingImages =
  | NamedTensor<Uint8Array | Float32Array>
  | {
      /** Bytes, or numbers in the range that the generator makes, [n, ...image]. */
      readonly images: NamedTensor<Uint8Array | Float32Array>;
      /** Whole numbers from 0 on, [n]. */
      readonly labels?: Tensor | undefined;
    };

/** Checked. @internal */
export interface RequiredImages {
  readonly images: Tensor;
  readonly labels: Tensor<Int32Array> | undefined;
  /** What samples are called. */
  readonly name: string;
}

/**
 * @internal
 * @throws CudaGanError `CUDA_GAN_SHAPE`, `CUDA_GAN_DATA` or `CUDA_GAN_VALUE` for what does not fit the networks. `classes` is
 * undefined where they know none: labels are then left aside. `what` is what messages call the images.
 */
export function requireTrainingImages(
  given: TrainingImages,
  imageShape: Shape,
  classes: number | undefined,
  what = 'images',
): RequiredImages {
  const { images: tensor, labels } = isNamed(given) ? given : { images: given, labels: undefined };
  const images = requireImages(what, tensor, imageShape);
  const name = requireName(what, tensor.name ?? 'samples');
  if (classes === undefined) return { images, labels: undefined, name };
  if (labels === undefined) {
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      `the networks know ${classes} classes, but ${what} come without labels: data sets have both, { images, labels }`,
    );
  }
  return { images, labels: requireLabels(what, labels, images.shape[0]!, classes), name };
}

/** Images, and their classes where the networks know classes. @internal */
export type DataOnDevice = readonly [images: Variable, labels: Variable | undefined];

/** For what comes after the first await: the arrays may hold something else then. @internal */
export function copyOfTrainingImages(what: string, given: TrainingImages): TrainingImages {
  const { images, labels } = isNamed(given) ? given : { images: given, labels: undefined };
  const copy = <Given extends Tensor>(name: string, tensor: Given): Given => {
    return { ...tensor, data: copyOf(requireTensor(name, tensor).data) };
  };
  return { images: copy(what, images), labels: labels === undefined ? undefined : copy(labelsOf(what), labels) };
}

/** The data as it is now, on the device. @internal */
export function onDevice({ images, labels }: RequiredImages, device: Device): DataOnDevice {
  const variables = [dataVariable('images', images), labels && dataVariable('labels', labels)] as const;
  for (const variable of variables) variable?.on(device);
  return variables;
}

function isNamed(given: TrainingImages): given is Exclude<TrainingImages, NamedTensor> {
  return typeof given === 'object' && given !== null && 'images' in given;
}

function requireImages(what: string, images: Tensor, imageShape: Shape): Tensor {
  const found = requireTensor(what, images);
  if (dtypeOf(found.data) === 'int32') {
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      `${what} holds int32; pixels must be a Uint8Array, or a Float32Array of -1 to 1`,
    );
  }
  return requireSamples(what, found, imageShape);
}

/** Class numbers, one for each image. @internal @throws CudaGanError `CUDA_GAN_SHAPE`, `CUDA_GAN_DATA` for others. */
export function requireLabels(images: string, labels: Tensor, count: number, classes: number): Tensor<Int32Array> {
  const what = labelsOf(images);
  const { shape, data } = requireTensor(what, labels);
  if (data.length !== count || shape[0] !== count) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `${what} has shape [${shape.join(', ')}]; wanted is [${count}], one per image`,
    );
  }
  const wrong = data.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (wrong < 0) return { shape: [count], data: Int32Array.from(data) };
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `${what} contains ${data[wrong]} at index ${wrong}; the networks know the classes 0 to ${classes - 1}`,
  );
}

const labelsOf = (images: string) => (images === 'images' ? 'labels' : `labels of ${images}`);

/** The name of the data, which becomes a part of file names. */
function requireName(what: string, name: string): string {
  if (typeof name === 'string' && /^[\w-]{1,100}$/.test(name)) return name;
  throw notAllowed(`the name of ${what}`, name, 'texts of 1 to 100 letters a to z, digits, "_" and "-"');
}
