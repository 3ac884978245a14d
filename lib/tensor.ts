// Host-side tensors: a typed array with a shape. Plain data; nothing here computes.
import { CudaGanError } from './errors.js';

/** Element types. Training data may be uint8 (pixels), labels and indices are int32, everything else float32. */
export type DType = 'float32' | 'int32' | 'uint8';
export type Shape = readonly number[];
export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** Row-major data with a shape, on the host. `data.length` equals the product of `shape`. */
export interface Tensor<Data extends TypedArray = TypedArray> {
  readonly shape: Shape;
  readonly data: Data;
}

/** A tensor that may say what it holds: files of samples are called after it. */
export interface NamedTensor<Data extends TypedArray = TypedArray> extends Tensor<Data> {
  readonly name?: string | undefined;
}

export const bytesPerElement = { float32: 4, int32: 4, uint8: 1 } as const satisfies Record<DType, number>;

/** Number of elements of a shape; 1 for a scalar `[]`. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** Bytes that the elements of a tensor take. */
export function bytesOf({ shape, dtype }: { readonly shape: Shape; readonly dtype: DType }): number {
  return sizeOf(shape) * bytesPerElement[dtype];
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, i) => dimension === b[i]);
}

/** `[32, 784]`, for messages. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

const dtypes: Readonly<Record<string, DType>> = { Float32Array: 'float32', Int32Array: 'int32', Uint8Array: 'uint8' };

const typedArrayPrototype: object = Object.getPrototypeOf(Uint8Array.prototype);
const kindGetter = Object.getOwnPropertyDescriptor(typedArrayPrototype, Symbol.toStringTag)!.get!;

/**
 * `Float32Array`, `Uint8Array`, …, or undefined for what is no typed array. Arrays of another realm (a vm context, a jest
 * sandbox, `structuredClone`, a message port) are no instances of this realm's classes, and subclasses have other names.
 */
function kindOf(data: unknown): string | undefined {
  return kindGetter.call(data);
}

/** @throws CudaGanError `CUDA_GAN_DATA` when no tensor can have such elements. */
export function dtypeOf(data: TypedArray): DType {
  const kind = kindOf(data);
  const dtype = kind === undefined ? undefined : dtypes[kind];
  if (dtype !== undefined) return dtype;
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `data is a ${kind ?? typeof data}; allowed are Float32Array, Int32Array and Uint8Array`,
  );
}

/** Index of the first NaN or infinity, -1 without one. A loop: `findIndex` takes ten times as long. */
export function firstNonFinite(data: TypedArray): number {
  if (dtypeOf(data) !== 'float32') return -1;
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return i;
  return -1;
}

export function createTypedArray(dtype: DType, length: number): TypedArray {
  switch (dtype) {
    case 'float32':
      return new Float32Array(length);
    case 'int32':
      return new Int32Array(length);
    case 'uint8':
      return new Uint8Array(length);
  }
}

/**
 * Makes a tensor of `data` and `shape`.
 * @throws CudaGanError `CUDA_GAN_SHAPE` when the number of elements does not match the shape.
 */
export function tensor<Data extends TypedArray>(data: Data, shape: Shape): Tensor<Data> {
  dtypeOf(data);
  if (shape.some((dimension) => !Number.isInteger(dimension) || dimension < 0) || sizeOf(shape) !== data.length) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `shape ${formatShape(shape)} holds ${sizeOf(shape)} elements, but the data has ${data.length}`,
    );
  }
  return { shape: [...shape], data };
}
