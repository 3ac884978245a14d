// What tells the data of one run from that of another.
import { CudaGanError } from '../errors.js';
import { dtypeOf, formatShape, type Tensor } from '../tensor.js';

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

/**
 * Holds the data to that of the run which is resumed.
 * @throws CudaGanError `CUDA_GAN_DATA` that says in what they differ.
 */
export function requireSameData(
  found: readonly Fingerprint[],
  wanted: readonly Fingerprint[],
  checkpoint: string,
): void {
  const names = [...new Set([...wanted, ...found].map(({ name }) => name))];
  const byName = (list: readonly Fingerprint[], name: string) => list.find((one) => one.name === name);
  for (const name of names) {
    const difference = differenceOf(byName(found, name), byName(wanted, name));
    if (difference === undefined) continue;
    throw new CudaGanError('CUDA_GAN_DATA', `${checkpoint} was made by another training: ${name} ${difference}`);
  }
}

/** In words that follow the name of the data; undefined where there is none. */
function differenceOf(found: Fingerprint | undefined, wanted: Fingerprint | undefined): string | undefined {
  if (found === undefined) return 'is missing, which there was';
  if (wanted === undefined) return 'is given, and there was none';
  const [ours, theirs] = [found, wanted].map(({ dtype, shape }) => `${dtype} ${formatShape(shape)}`);
  if (ours !== theirs) return `is ${ours}, there ${theirs}`;
  return found.hash === wanted.hash ? undefined : 'holds other numbers';
}
