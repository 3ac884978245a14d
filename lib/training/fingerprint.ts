// What tells the data of one run from that of another.
import { dtypeOf, type Tensor } from '../tensor.js';

export interface Fingerprint {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** SHA-256 of the elements' bytes, in hexadecimal. */
  readonly hash: string;
}

export function fingerprintOf(name: string, { shape, data }: Tensor): Fingerprint {
  const { createHash } = process.getBuiltinModule('node:crypto'); // here, because it takes long to load
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const hash = createHash('sha256');
  // One update is limited to 2 GiB.
  for (let at = 0; at < bytes.length; at += 2 ** 30) hash.update(bytes.subarray(at, at + 2 ** 30));
  return { name, shape, dtype: dtypeOf(data), hash: hash.digest('hex') };
}
