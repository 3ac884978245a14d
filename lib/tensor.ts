// Host-side tensors: a typed array with a shape. Plain data; nothing here computes.
import { types } from 'node:util';
import { inWords, maxRank } from './checks.js';
import { CudaGanError } from './errors.js';
import { copyNumbers, isNested, type NestedNumbers, shapeOfLists } from './nested-lists.js';

/** Element types. Training data may be uint8 (pixels), labels and indices are int32, everything else float32. */
export type DType = 'float32' | 'int32' | 'uint8';
/** Numbers of elements in each dimension. */
export type Shape = readonly number[];
/** What holds the elements of a tensor: float32, int32 or uint8. */
export type TypedArray = Float32Array | Int32Array | Uint8Array;

/**
 * Arrays that this package makes, never over shared memory: `Float32Array<ArrayBuffer>`, said so that TypeScript before
 * 5.7, where typed arrays have no parameter, understands it too.
 */
export type OwnFloat32Array = ReturnType<typeof Float32Array.of>;
/** As `OwnFloat32Array`. */
export type OwnInt32Array = ReturnType<typeof Int32Array.of>;
/** As `OwnFloat32Array`. */
export type OwnUint8Array = ReturnType<typeof Uint8Array.of>;
/** Any of them. */
export type OwnTypedArray = OwnFloat32Array | OwnInt32Array | OwnUint8Array;

/** Row-major data with a shape, on the host. `data.length` equals the product of `shape`. */
export interface Tensor<Data extends TypedArray = TypedArray> {
  /** `[]` for a scalar; else the first dimension varies slowest. */
  readonly shape: Shape;
  /** The elements, row by row. */
  readonly data: Data;
}

/** A tensor that may say what it holds: files of samples are called after it. */
export interface NamedTensor<Data extends TypedArray = TypedArray> extends Tensor<Data> {
  /** What files of samples are called after. */
  readonly name?: string | undefined;
}

/** What `tensor` takes: elements of a DType, and what it converts to them. */
export type TensorData = NestedNumbers | TypedArray | ConvertedToInt32 | Uint8ClampedArray | Float64Array;
type ConvertedToInt32 = Int8Array | Int16Array | Uint16Array | Uint32Array;

/** The elements that `tensor` makes of `Data`. */
export type ElementsOf<Data extends TensorData> = Data extends TypedArray
  ? Data
  : Data extends ConvertedToInt32
    ? OwnInt32Array
    : Data extends Uint8ClampedArray
      ? OwnUint8Array
      : OwnFloat32Array;

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

/** Kinds of typed arrays that hold a tensor's elements. */
const dtypes = new Map<string, DType>([
  ['Float32Array', 'float32'],
  ['Int32Array', 'int32'],
  ['Uint8Array', 'uint8'],
]);

/** Kinds of typed arrays that `tensor` copies into others. */
const conversions = new Map<string, DType>([
  ['Float64Array', 'float32'],
  ['Int8Array', 'int32'],
  ['Int16Array', 'int32'],
  ['Uint16Array', 'int32'],
  ['Uint32Array', 'int32'],
  ['Uint8ClampedArray', 'uint8'],
]);

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
  const dtype = dtypes.get(kindOf(data) ?? '');
  if (dtype !== undefined) return dtype;
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `data is ${inWords(data)}; allowed are Float32Array, Int32Array and Uint8Array`,
  );
}

/** A copy in memory of its own; `slice` of a Buffer would share the memory. */
export function copyOf(data: TypedArray): OwnTypedArray {
  const copy = createTypedArray(dtypeOf(data), data.length);
  copy.set(data);
  return copy;
}

/** Index of the first NaN or infinity, -1 without one. */
export function firstNonFinite(data: TypedArray): number {
  if (dtypeOf(data) !== 'float32') return -1;
  const bits = new Int32Array(data.buffer, data.byteOffset, data.length);
  const whole = bits.length - (bits.length % 8);
  // The exponents of these numbers alone are all ones: one more makes the sign of the sum negative.
  const [exponent, one] = [0x7f800000, 0x00800000];
  let signs = 0;
  for (let i = 0; i < whole; i += 8) {
    signs |=
      ((bits[i]! & exponent) + one) |
      ((bits[i + 1]! & exponent) + one) |
      ((bits[i + 2]! & exponent) + one) |
      ((bits[i + 3]! & exponent) + one) |
      ((bits[i + 4]! & exponent) + one) |
      ((bits[i + 5]! & exponent) + one) |
      ((bits[i + 6]! & exponent) + one) |
      ((bits[i + 7]! & exponent) + one);
  }
  for (let i = signs < 0 ? 0 : whole; i < data.length; i++) if (data[i]! * 0 !== 0) return i;
  return -1;
}

const typedArrays = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array } as const;

/** Zeros. @throws CudaGanError `CUDA_GAN_NO_MEMORY` when there is no room for so many. */
export function createTypedArray<Type extends DType>(
  dtype: Type,
  length: number,
): InstanceType<(typeof typedArrays)[Type]> {
  try {
    return new typedArrays[dtype](length) as InstanceType<(typeof typedArrays)[Type]>;
  } catch (cause) {
    throw new CudaGanError('CUDA_GAN_NO_MEMORY', `no memory for ${length} elements of ${dtype}`, { cause });
  }
}

/** What callers hand over as a tensor, checked. @throws CudaGanError `CUDA_GAN_DATA`, `CUDA_GAN_SHAPE` as `tensor`. */
export function requireTensor(name: string, found: Tensor): Tensor {
  if (ArrayBuffer.isView(found?.data) && Array.isArray(found.shape)) return tensor(found.data, found.shape);
  throw new CudaGanError('CUDA_GAN_DATA', `${name} is not a tensor; make one by tensor(data, shape)`);
}

/**
 * Makes a tensor of `data` and `shape`, by default the shape that `data` has: `[2, 3]` for two lists of three numbers,
 * `[length]` for a typed array, `[]` for a number.
 *
 * A Float32Array, Int32Array or Uint8Array is taken as it is, without a copy. Everything else is copied: numbers, lists
 * and Float64Array to float32; Int8Array, Int16Array, Uint16Array and Uint32Array to int32; Uint8ClampedArray to uint8;
 * arrays over shared memory, which others may write to at any time, to memory of their own.
 * @throws CudaGanError `CUDA_GAN_SHAPE` when the number of elements does not match the shape, or lists have different
 * lengths; `CUDA_GAN_DATA` for other data.
 */
export function tensor<Data extends TensorData>(data: Data, shape?: Shape): Tensor<ElementsOf<Data>>;
export function tensor(data: TensorData, shape?: Shape): Tensor {
  const found = isNested(data) ? fromLists(data) : fromTypedArray(data);
  return shape === undefined ? found : { shape: requireShape(shape, found.data.length), data: found.data };
}

function fromLists(lists: NestedNumbers): Tensor {
  const shape = shapeOfLists(lists);
  const data = createTypedArray('float32', sizeOf(shape));
  copyNumbers(lists, shape, data);
  return { shape, data };
}

function fromTypedArray(data: Exclude<TensorData, NestedNumbers>): Tensor {
  const kind = kindOf(data) ?? '';
  const dtype = dtypes.get(kind) ?? conversions.get(kind);
  if (dtype === undefined) {
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      `data is ${inWords(data)}; allowed are numbers, lists of them, and typed arrays other than of BigInt`,
    );
  }
  const shape = [data.length];
  if (dtypes.has(kind) && !types.isSharedArrayBuffer(data.buffer)) return { shape, data: data as TypedArray };
  const copy = createTypedArray(dtype, data.length);
  copy.set(data);
  if (kind === 'Uint32Array') requireNoOverflow(copy);
  return { shape, data: copy };
}

/** What does not fit into int32 has become negative. */
function requireNoOverflow(copy: TypedArray): void {
  const wrong = copy.findIndex((value) => value < 0);
  if (wrong < 0) return;
  throw new CudaGanError('CUDA_GAN_DATA', `data[${wrong}] is ${copy[wrong]! + 2 ** 32}; int32 ends at ${2 ** 31 - 1}`);
}

function requireShape(shape: Shape, length: number): Shape {
  const dimensions = Array.isArray(shape) && shape.length <= maxRank ? [...shape] : undefined;
  if (!dimensions?.every((dimension) => Number.isSafeInteger(dimension) && dimension >= 0)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `shape is ${inWords(shape)}; wanted is a list of at most ${maxRank} whole numbers from 0 on`,
    );
  }
  if (sizeOf(dimensions) === length) return dimensions;
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `shape ${formatShape(dimensions)} holds ${sizeOf(dimensions)} elements, but the data has ${length}`,
  );
}
