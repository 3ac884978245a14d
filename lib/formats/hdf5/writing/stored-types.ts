// How elements are written, and the datatype messages that say so (section IV.A.2.d).
import { CudaGanError } from '../../../errors.js';
import { createTypedArray, type TypedArray } from '../../../tensor.js';
import { type Field, fields } from '../../little-endian.js';
import { holds } from '../../npy-elements.js';

const version1 = 1 << 4;
const whole = 0;
const float = 1;
const text = 3;
const variable = 9;
const isSigned = 8;
const utf8 = 1;

/** A type of numbers in files. */
export interface StoredNumbers {
  readonly message: Uint8Array;
  readonly bytes: number;
  readonly holds: (value: number) => boolean;
  readonly put: (view: DataView, at: number, value: number) => void;
}

export type StoredType = 'float32' | 'float64' | 'int32' | 'int64' | 'uint8' | 'uint32';

export const storedTypes: Readonly<Record<StoredType, StoredNumbers>> = {
  float32: {
    message: floatType(4, 23, 127),
    bytes: 4,
    holds: (value) => holds('float32', value),
    put: (view, at, value) => view.setFloat32(at, value, true),
  },
  float64: {
    message: floatType(8, 52, 1023),
    bytes: 8,
    holds: () => true,
    put: (view, at, value) => view.setFloat64(at, value, true),
  },
  int32: {
    message: wholeType(4, isSigned),
    bytes: 4,
    holds: (value) => holds('int32', value),
    put: (view, at, value) => view.setInt32(at, value, true),
  },
  int64: {
    message: wholeType(8, isSigned),
    bytes: 8,
    holds: Number.isSafeInteger,
    put: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
  },
  uint8: {
    message: wholeType(1, 0),
    bytes: 1,
    holds: (value) => holds('uint8', value),
    put: (view, at, value) => view.setUint8(at, value),
  },
  uint32: {
    message: wholeType(4, 0),
    bytes: 4,
    holds: (value) => value >>> 0 === value,
    put: (view, at, value) => view.setUint32(at, value, true),
  },
};

/** The bytes of numbers in a file; `name` is what has them. @throws CudaGanError `CUDA_GAN_DATA` for one that does not fit. */
export function encodeNumbers(data: TypedArray, type: StoredType, name: string): Uint8Array {
  const { bytes: width, holds, put } = storedTypes[type];
  const bytes = createTypedArray('uint8', width * data.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < data.length; i++) {
    if (!holds(data[i]!)) {
      throw new CudaGanError('CUDA_GAN_DATA', `element ${i} of ${name} is ${data[i]}, which is no ${type} number`);
    }
    put(view, i * width, data[i]!);
  }
  return bytes;
}

function wholeType(bytes: number, sign: number): Uint8Array {
  return fields([...head(whole, sign, 0, bytes), [2, 0], [2, 8 * bytes]]);
}

/** IEEE 754: the sign is the highest bit, the fraction has a leading one that is not written. */
function floatType(bytes: number, fraction: number, bias: number): Uint8Array {
  const bits = 8 * bytes;
  return fields([
    ...head(float, 2 << 4, bits - 1, bytes),
    [2, 0],
    [2, bits],
    [1, fraction],
    [1, bits - 1 - fraction],
    [1, 0],
    [1, fraction],
    [4, bias],
  ]);
}

/** Texts of so many bytes, filled up with zeros. */
export function textType(bytes: number, isAscii: boolean): Uint8Array {
  const filledWithZeros = 1;
  return fields(head(text, filledWithZeros | (isAscii ? 0 : utf8 << 4), 0, bytes));
}

/** Places of texts in UTF-8 in a global heap: length, address of the heap, number in it. */
export function variableTextType(): Uint8Array {
  const ofText = 1;
  return Buffer.concat([fields(head(variable, ofText, utf8, 4 + 8 + 4)), storedTypes.uint8.message]);
}

function head(type: number, bits: number, moreBits: number, bytes: number): Field[] {
  return [
    [1, version1 | type],
    [1, bits],
    [1, moreBits],
    [1, 0],
    [4, bytes],
  ];
}
