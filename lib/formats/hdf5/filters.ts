// Filters of chunks (section IV.A.2.l): deflate, shuffle and Fletcher's checksum, undone in the reverse of their order.
import { promisify } from 'node:util';
import { createTypedArray } from '../../tensor.js';
import { maxExpansion } from '../deflate.js';
import { unreadable } from './damage.js';
import type { Metadata } from './metadata.js';

export interface Filter {
  readonly id: number;
  /** Of those that are not known here. */
  readonly name: string;
  readonly values: readonly number[];
}

const deflate = 1;
const shuffle = 2;
const fletcher32 = 3;
const supported = [deflate, shuffle, fletcher32];
const names = new Map([
  [4, 'szip'],
  [5, 'nbit'],
  [6, 'scaleoffset'],
]);
const checksumBytes = 4;

export function parseFilters(file: Metadata, bytes: Uint8Array): readonly Filter[] {
  const fields = file.parse(bytes, 'a filter pipeline');
  const version = fields.version(1, 2);
  const count = fields.uint(1);
  if (version === 1) fields.skip(6);
  return Array.from({ length: count }, () => {
    const id = fields.uint(2);
    const nameBytes = version === 1 || id >= 256 ? fields.uint(2) : 0;
    fields.skip(2); // flags
    const valueCount = fields.uint(2);
    const name = Buffer.from(fields.bytes(nameBytes)).toString('latin1').replace(/\0.*$/s, '');
    if (version === 1) fields.skip((8 - (nameBytes % 8)) % 8);
    const values = Array.from({ length: valueCount }, () => fields.uint(4));
    if (version === 1 && valueCount % 2 === 1) fields.skip(4);
    return { id, name: name || (names.get(id) ?? `number ${id}`), values };
  });
}

/** @throws CudaGanError `CUDA_GAN_FILE` for filters that are not read here; `of` is what has them. */
export function requireSupported(filters: readonly Filter[], of: string, path: string): void {
  const other = filters.find(({ id }) => !supported.includes(id));
  if (other !== undefined) {
    throw unreadable(path, `${of} has the filter ${other.name}; allowed are deflate, shuffle and fletcher32`);
  }
  if (new Set(filters.map(({ id }) => id)).size < filters.length) throw unreadable(path, `${of} has a filter twice`);
}

/** What a chunk of `bytes` bytes was before the filters, of which `mask` has a bit where one was left out. */
export async function undoFilters(
  packed: Uint8Array,
  filters: readonly Filter[],
  mask: number,
  bytes: number,
  of: string,
  path: string,
): Promise<Uint8Array> {
  let result = packed;
  for (const [i, { id, values }] of [...filters.entries()].reverse()) {
    if ((mask & (1 << i)) !== 0) continue;
    if (id === deflate) result = await inflate(result, bytes + checksumBytes * filters.length, of, path);
    else if (id === shuffle) result = unshuffle(result, values[0] ?? 1);
    else result = withoutChecksum(result, of, path);
  }
  if (result.length === bytes) return result;
  throw unreadable(path, `a chunk of ${of} has ${result.length} bytes; wanted are ${bytes}`);
}

/** To hand less than that to another thread takes longer than to inflate it. */
const smallBytes = 2 ** 16;

async function inflate(packed: Uint8Array, most: number, of: string, path: string): Promise<Uint8Array> {
  const zlib = await import('node:zlib'); // here, because it takes long to load
  const maxOutputLength = Math.max(1, Math.min(most, packed.length * maxExpansion));
  try {
    if (maxOutputLength <= smallBytes) return zlib.inflateSync(packed, { maxOutputLength });
    return await promisify(zlib.inflate)(packed, { maxOutputLength });
  } catch (cause) {
    throw unreadable(path, `a chunk of ${of} cannot be inflated: ${(cause as Error).message}`, cause);
  }
}

/** From all first bytes of elements, all second ones, and so on, back to whole elements; what is left over stays. */
function unshuffle(bytes: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(bytes.length / Math.max(1, width));
  if (width < 2 || count < 2) return bytes;
  const result = createTypedArray('uint8', bytes.length);
  result.set(bytes.subarray(count * width), count * width);
  for (let i = 0; i < width; i++) {
    for (let from = i * count, to = i; to < count * width; from++, to += width) result[to] = bytes[from]!;
  }
  return result;
}

function withoutChecksum(bytes: Uint8Array, of: string, path: string): Uint8Array {
  const data = bytes.subarray(0, Math.max(0, bytes.length - checksumBytes));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= checksumBytes && view.getUint32(data.length, true) === fletcher32Of(data)) return data;
  throw unreadable(path, `the checksum of a chunk of ${of} is wrong`);
}

/** So many sums of 16 bits fit into 32. */
const sumsAtOnce = 360;

/** Over big-endian pairs of bytes, of which the last may lack its second. */
export function fletcher32Of(data: Uint8Array): number {
  const folded = (sum: number) => (sum & 0xffff) + (sum >>> 16);
  let [first, second] = [0, 0];
  for (let at = 0; at < data.length; ) {
    const end = Math.min(data.length, at + 2 * sumsAtOnce);
    for (; at < end; at += 2) {
      first += (data[at]! << 8) | (data[at + 1] ?? 0);
      second += first;
    }
    first = folded(first);
    second = folded(second);
  }
  return ((folded(second) << 16) | folded(first)) >>> 0;
}
