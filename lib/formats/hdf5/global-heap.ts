// Global heaps (section III.E), where texts of variable length are.
import { textUpToZero } from './fields.js';
import type { Metadata } from './metadata.js';

const what = 'a global heap';

async function readHeap(file: Metadata, address: number): Promise<ReadonlyMap<number, Uint8Array>> {
  const { lengthBytes } = file.superblock;
  const prefixBytes = 8 + lengthBytes;
  const prefix = await file.signed(address, prefixBytes, 'GCOL', what);
  prefix.version(1);
  prefix.skip(3);
  const fields = await file.fields(address, prefix.length(), what);
  fields.skip(prefixBytes);
  fields.align8();
  const objects = new Map<number, Uint8Array>();
  while (fields.left >= 8 + lengthBytes) {
    const number = fields.uint(2);
    if (number === 0) break; // free space, which is behind the objects
    fields.skip(2 + 4); // the number of references, reserved
    const bytes = fields.length();
    fields.align8();
    objects.set(number, fields.bytes(bytes));
    fields.align8();
  }
  return objects;
}

/** A text, whose place `bytes` tell. */
export async function variableText(file: Metadata, bytes: Uint8Array): Promise<string> {
  const fields = file.parse(bytes, 'the place of a text');
  const length = fields.uint(4);
  const address = fields.address();
  if (length === 0 || address === undefined || address === 0) return '';
  const heap = await file.once(what, address, () => readHeap(file, address));
  const object = heap.get(fields.uint(4));
  if (object === undefined || object.length < length) throw fields.damaged(`leads to no text of ${length} bytes`);
  file.charge(length);
  return textUpToZero(object.subarray(0, length));
}
