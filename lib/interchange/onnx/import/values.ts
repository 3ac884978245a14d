// What the names of tensors in a graph stand for while it is read: constants, and what the model will compute.

import { inWords } from '../../../checks.js';
import { CudaGanError } from '../../../errors.js';
import type { SymbolicTensor } from '../../../layers/symbolic-tensor.js';
import { formatShape, type Shape, sizeOf } from '../../../tensor.js';
import type { Order } from '../layouts.js';
import { dataTypes, type TensorProto } from '../model-proto.js';
import type { Wire } from '../wire.cjs';

/** Stands for the number of samples among whole numbers, such as those of a shape; files have no NaN there. */
export const batchLength = Number.NaN;

/** A tensor that is known. */
export interface Constant {
  readonly kind: 'constant';
  readonly dims: Shape;
  /** Floats, or whole numbers, which may be `batchLength`. */
  readonly data: Float32Array | readonly number[];
  readonly isFloat: boolean;
  /** Whether it is a weight, rather than a number that belongs to the computation. */
  readonly isWeight: boolean;
}

/** Axis i of the tensor in the file is axis order[i] of `tensor`, the batch being axis 0 of both. */
export interface Computed {
  readonly kind: 'computed';
  readonly tensor: SymbolicTensor;
  readonly order: Order;
}

/**
 * What has all places of all samples as its first axis, as where `Reshape` makes a matrix of images, a row for each pixel. `tensor` has
 * the places as axes of a sample, in front of the others, which are those of the file.
 */
export interface Rows {
  readonly kind: 'rows';
  readonly tensor: SymbolicTensor;
  /** Dimensions in the file. */
  readonly rank: number;
}

export type Imported = Constant | Computed | Rows;

export function isFloats(data: Constant['data']): data is Float32Array {
  return ArrayBuffer.isView(data);
}

/** Types of elements that constants may have, and bytes of one. */
const elementBytes: Readonly<Record<number, number>> = {
  [dataTypes.FLOAT]: 4,
  [dataTypes.INT32]: 4,
  [dataTypes.INT64]: 8,
};

/**
 * The tensor of a file, which is held to its shape at once and read when its elements are asked for: they are copied where
 * they are not aligned, so ask once. @throws CudaGanError `CUDA_GAN_FILE` when it is not whole.
 */
export function constantOf(tensor: TensorProto, isWeight: boolean, wire: Wire): Constant {
  const { name, dims, dataType, raw = new Uint8Array(), varints, external } = tensor;
  const label = `tensor ${inWords(name)}`;
  const size = sizeOf(dims);
  if (external) throw damaged(`${label} has its elements in another file, which is not read`);
  if (!dims.every((length) => Number.isSafeInteger(length) && length >= 0) || !Number.isSafeInteger(size)) {
    throw damaged(`${label} has shape ${formatShape(dims.slice(0, 8))}`);
  }
  const width = elementBytes[dataType];
  if (width === undefined) throw damaged(`${label} is of ${typeName(dataType)}; allowed are FLOAT, INT32 and INT64`);
  const isFloat = dataType === dataTypes.FLOAT;
  if (varints !== undefined) {
    if (isFloat) throw damaged(`${label} has whole numbers for elements of FLOAT`);
    return { kind: 'constant', dims, data: numbersIn(varints, size, label, wire), isFloat, isWeight };
  }
  if (raw.length !== size * width) {
    throw damaged(`${label} of shape ${formatShape(dims.slice(0, 8))} has ${raw.length} bytes, not ${size * width}`);
  }
  return {
    kind: 'constant',
    dims,
    get data() {
      return isFloat ? floatsIn(raw) : integersIn(raw, width);
    },
    isFloat,
    isWeight,
  };
}

/** The name of a type of elements, for messages. */
export function typeName(dataType: number): string {
  return Object.entries(dataTypes).find(([, number]) => number === dataType)?.[0] ?? `type ${dataType}`;
}

function floatsIn(bytes: Uint8Array): Float32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

function integersIn(bytes: Uint8Array, width: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / width }, (_, i) =>
    width === 4 ? view.getInt32(4 * i, true) : Number(view.getBigInt64(8 * i, true)),
  );
}

function numbersIn(bytes: Uint8Array, size: number, label: string, { BinaryReader }: Wire): number[] {
  const wrong = (count: string) => damaged(`${label} promises ${size} elements and has ${count}`);
  if (size > bytes.length) throw wrong(`at most ${bytes.length}`);
  const reader = new BinaryReader(bytes);
  const numbers = Array.from({ length: size }, () => Number(reader.int64()));
  if (reader.pos !== reader.len) throw wrong('others');
  return numbers;
}

const damaged = (message: string) => new CudaGanError('CUDA_GAN_FILE', message);
