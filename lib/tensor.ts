// Host-side tensors: a typed array with a shape. Plain data; nothing here computes.
import { CudaGanError } from './errors.js';

/** Element types. Training data may be uint8 (pixels), labels and indices are int32, everything else float32. */
export type DType = 'float32' | 'int32' | 'uint8';
export type Shape = readonly number[];
export type TypedArray = Float32Array | Int32Array | Uint8Array;

/**
 * Arrays that this package makes, never over shared memory: `Float32Array<ArrayBuffer>`, said so that TypeScript before
 * 5.7, where typed arrays have no parameter, understands it too.
 */
export type OwnFloat32Array = ReturnType<typeof Float32Array.of>;
export type OwnInt32Array = ReturnType<typeof Int32Array.of>;
export type OwnUint8Array = ReturnType<typeof Uint8Array.of>;
export type OwnTypedArray = OwnFloat32Array | OwnInt32Array | OwnUint8Array;

/** Row-major data with a shape, on the host. `data.length` equals the product of `shape`. */
export interface Tensor<Data extends TypedArray = TypedArray> {
  readonly shape: Shape;
  readonly data: Data;
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

export function dtypeOf(data: TypedArray): DType {
  switch (data.constructor.name) {
    case 'Float32Array':
      return 'float32';
    case 'Int32Array':
      return 'int32';
    case 'Uint8Array':
    case 'Buffer':
      return 'uint8';
    default:
      throw new CudaGanError(
        'CUDA_GAN_DATA',
        `data is a ${data.constructor.name}; allowed are Float32Array, Int32Array and Uint8Array`,
      );
  }
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
