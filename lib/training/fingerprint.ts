// What tells the data of one run from that of another.
import { dtypeOf, type Tensor, type TypedArray } from '../tensor.js';

export interface Fingerprint {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** SHA-256 of the elements' bytes, in hexadecimal. */
  readonly hash: string;
}

/** Of images, and of their labels where there are some. */
export function fingerprintOf(name: string, { shape, data }: Tensor, labels?: Tensor): Fingerprint {
  const { createHash } = process.getBuiltinModule('node:crypto'); // here, because it takes long to load
  const hash = createHash('sha256').update(bytesOf(data));
  if (labels !== undefined) hash.update(bytesOf(labels.data));
  return { name, shape, dtype: dtypeOf(data), hash: hash.digest('hex') };
}

function bytesOf({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
