// The superblock (section II.A): where a file begins and how it writes addresses.
import { type ByteSource, bytesAt } from '../byte-source.js';
import { unreadable } from './damage.js';
import { Fields, type FileSettings } from './fields.js';
import { lookup3 } from './lookup3.js';

export interface Superblock extends FileSettings {
  /** What addresses count from: the superblock may lie behind a block of the user's. */
  readonly base: number;
  /** Of the root group's object header. */
  readonly root: number | undefined;
}

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const maxBytes = 128;
const widths = [2, 4, 8];

/** @throws CudaGanError `CUDA_GAN_FILE` when there is none. */
export async function readSuperblock(source: ByteSource): Promise<Superblock> {
  const { path, size } = source;
  // At byte 0, 512, 1024, 2048, and so on.
  for (let base = 0; base + signature.length <= size; base = Math.max(512, 2 * base)) {
    const bytes = await bytesAt(source, base, Math.min(maxBytes, size - base));
    if (signature.every((byte, i) => bytes[i] === byte)) return parse(bytes, base, source);
  }
  throw unreadable(path, 'it has no signature of such files');
}

function parse(bytes: Uint8Array, base: number, { path, size }: ByteSource): Superblock {
  const start = new Fields(bytes, { path, addressBytes: 8, lengthBytes: 8 }, 'its superblock');
  start.skip(signature.length);
  const version = start.version(0, 1, 2, 3);
  if (version < 2) start.skip(4); // versions of parts, of which there is one each
  const [addressBytes, lengthBytes] = [start.uint(1), start.uint(1)];
  if (!widths.includes(addressBytes) || !widths.includes(lengthBytes)) {
    throw start.damaged(`says that addresses have ${addressBytes} bytes and lengths ${lengthBytes}`);
  }
  const file = { path, addressBytes, lengthBytes };
  const fields = new Fields(bytes, file, 'its superblock');
  fields.skip(start.position);
  const { end, root } = version < 2 ? oldAddresses(fields, version) : newAddresses(fields, bytes);
  // The end counts from the begin of the file, not from its base.
  if (end !== undefined && end > size) {
    throw unreadable(path, `it has ${size} of its ${end} bytes, as when it is truncated`);
  }
  return { ...file, base, root };
}

function oldAddresses(fields: Fields, version: number) {
  fields.skip(1 + 2 + 2 + 4); // reserved, sizes of nodes, which nodes know themselves, flags
  if (version === 1) fields.skip(4);
  fields.address(); // of this block, as far as whoever wrote it knew
  fields.address(); // of free space
  const end = fields.address();
  fields.address(); // of a driver
  fields.address(); // the name of the root group in no heap
  return { end, root: fields.address() };
}

function newAddresses(fields: Fields, bytes: Uint8Array) {
  fields.skip(1); // flags
  fields.address(); // of this block
  fields.address(); // of an extension, whose settings do not matter to who reads
  const end = fields.address();
  const root = fields.address();
  const { position } = fields;
  if (fields.uint(4) !== lookup3(bytes.subarray(0, position))) throw fields.damaged('has a wrong checksum');
  return { end, root };
}
