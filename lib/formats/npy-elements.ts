// NumPy's types of elements: how each is read, and the type of ours that can hold it.
import type { DType } from '../tensor.js';

export interface ElementType {
  /** As NumPy names it, for people. */
  readonly name: string;
  readonly bytes: number;
  readonly dtype: DType;
  /** Whether the bytes of an element are those of the dtype, but for their order. */
  readonly same: boolean;
  /** The number at a byte of `view`, which may be none that the dtype can hold. */
  readonly read: (view: DataView, at: number, littleEndian: boolean) => number;
}

const { fround } = Math; // once: jest's sandbox is slow to look up a global

/** By the code that a header has behind the order of bytes. */
export const elementTypes: ReadonlyMap<string, ElementType> = new Map<string, ElementType>([
  ['u1', { name: 'uint8', bytes: 1, dtype: 'uint8', same: true, read: (view, at) => view.getUint8(at) }],
  ['b1', { name: 'bool', bytes: 1, dtype: 'uint8', same: true, read: (view, at) => view.getUint8(at) }],
  ['i1', { name: 'int8', bytes: 1, dtype: 'int32', same: false, read: (view, at) => view.getInt8(at) }],
  ['i2', { name: 'int16', bytes: 2, dtype: 'int32', same: false, read: (view, at, le) => view.getInt16(at, le) }],
  ['u2', { name: 'uint16', bytes: 2, dtype: 'int32', same: false, read: (view, at, le) => view.getUint16(at, le) }],
  ['i4', { name: 'int32', bytes: 4, dtype: 'int32', same: true, read: (view, at, le) => view.getInt32(at, le) }],
  ['u4', { name: 'uint32', bytes: 4, dtype: 'int32', same: false, read: (view, at, le) => view.getUint32(at, le) }],
  ['i8', { name: 'int64', bytes: 8, dtype: 'int32', same: false, read: (view, at, le) => int64At(view, at, le) }],
  ['u8', { name: 'uint64', bytes: 8, dtype: 'int32', same: false, read: (view, at, le) => uint64At(view, at, le) }],
  ['f2', { name: 'float16', bytes: 2, dtype: 'float32', same: false, read: (view, at, le) => float16At(view, at, le) }],
  ['f4', { name: 'float32', bytes: 4, dtype: 'float32', same: true, read: (view, at, le) => view.getFloat32(at, le) }],
  ['f8', { name: 'float64', bytes: 8, dtype: 'float32', same: false, read: (view, at, le) => view.getFloat64(at, le) }],
]);

/** The upper half of a float32, which NumPy itself does not know. */
export const bfloat16: ElementType = {
  name: 'bfloat16',
  bytes: 2,
  dtype: 'float32',
  same: false,
  read: (view, at, le) => bfloat16At(view, at, le),
};

/** Whether an element of `dtype` can hold a number without losing a bit of it. */
export function holds(dtype: DType, value: number): boolean {
  switch (dtype) {
    case 'float32':
      return fround(value) === value || Number.isNaN(value);
    case 'int32':
      return (value | 0) === value;
    case 'uint8':
      return (value & 0xff) === value;
  }
}

/** Rounded where it is far outside of int32. */
function int64At(view: DataView, at: number, littleEndian: boolean): number {
  const low = view.getUint32(littleEndian ? at : at + 4, littleEndian);
  return view.getInt32(littleEndian ? at + 4 : at, littleEndian) * 2 ** 32 + low;
}

/** Rounded where it is far outside of int32. */
function uint64At(view: DataView, at: number, littleEndian: boolean): number {
  const low = view.getUint32(littleEndian ? at : at + 4, littleEndian);
  return view.getUint32(littleEndian ? at + 4 : at, littleEndian) * 2 ** 32 + low;
}

/** IEEE 754's binary16: a sign, five bits of the exponent, ten of the fraction. */
function float16At(view: DataView, at: number, littleEndian: boolean): number {
  const bits = view.getUint16(at, littleEndian);
  const sign = bits >>> 15 === 0 ? 1 : -1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction * 2 ** -10) * 2 ** (exponent - 15);
}

const float32View = new DataView(new ArrayBuffer(4));

function bfloat16At(view: DataView, at: number, littleEndian: boolean): number {
  float32View.setUint16(0, view.getUint16(at, littleEndian));
  return float32View.getFloat32(0);
}
