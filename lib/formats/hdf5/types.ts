// What is in an HDF5 file, as it is read.
import type { OwnTypedArray, Shape, Tensor } from '../../tensor.js';

export interface Hdf5Group {
  readonly kind: 'group';
  readonly attributes: ReadonlyMap<string, Hdf5Attribute>;
  /** In the order in which they were made where the file knows it, else by name. */
  readonly members: ReadonlyMap<string, Hdf5Group | Hdf5Dataset>;
}

/** A scalar, or the elements of an array, row by row: none where it is empty. */
export type Hdf5Attribute =
  | string
  | number
  | boolean
  | readonly string[]
  | readonly number[]
  | readonly boolean[]
  | Hdf5Unsupported;

/** A value that is there and not read, since nothing that Keras writes needs it. */
export interface Hdf5Unsupported {
  /** What it is, in words. */
  readonly unsupported: string;
}

export interface Hdf5Dataset {
  readonly kind: 'dataset';
  readonly attributes: ReadonlyMap<string, Hdf5Attribute>;
  readonly shape: Shape;
  /** The type in the file as NumPy names it, such as `float32` or `int64`; in words where it is no number. */
  readonly dtype: string;
  /**
   * The elements: uint8, int32 and float32 as they are, bool as uint8 of 0 and 1, other integers as int32, other
   * floating-point numbers as float32, where these can hold every element to the last bit.
   * @throws CudaGanError `CUDA_GAN_FILE` for what is damaged, is no number, or would be rounded; `CUDA_GAN_NO_MEMORY`.
   */
  read(): Promise<Tensor<OwnTypedArray>>;
}
