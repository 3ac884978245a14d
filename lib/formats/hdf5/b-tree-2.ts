// B-trees of version 2 (section III.A.2): their records, in order.
import type { Fields } from './fields.js';
import type { Metadata } from './metadata.js';

/** Types of records that are read. */
export const recordTypes = {
  hugeObject: 1,
  linkName: 5,
  linkCreationOrder: 6,
  attributeName: 8,
  attributeCreationOrder: 9,
  chunk: 10,
  filteredChunk: 11,
} as const;

interface Tree {
  readonly type: number;
  readonly recordBytes: number;
  readonly nodeBytes: number;
  /** Bytes that a node has for the number of its child's records, and by its depth for that of all below the child. */
  readonly countBytes: number;
  readonly totalBytes: readonly number[];
}

const what = 'a node of a B-tree';
const signatureBytes = 4;
const checksumBytes = 4;
/** Signature, version, type and checksum. */
const overheadBytes = signatureBytes + 2 + checksumBytes;
/** Trees of that depth have more records than any file has bytes. */
const maxDepth = 16;

/** The records of a tree that must be of one of these types, and the type. */
export async function readBTree2(
  file: Metadata,
  address: number | undefined,
  allowed: readonly number[],
): Promise<{ readonly type: number; readonly records: AsyncIterable<Fields> }> {
  const { addressBytes, lengthBytes } = file.superblock;
  const bytes = signatureBytes + 12 + addressBytes + 2 + lengthBytes + checksumBytes;
  const header = await file.checked(address, bytes, 'BTHD', 'the header of a B-tree');
  header.version(0);
  const type = header.uint(1);
  const [nodeBytes, recordBytes, depth] = [header.uint(4), header.uint(2), header.uint(2)];
  header.skip(2); // when to split and merge
  const root = header.address();
  const count = header.uint(2);
  if (!allowed.includes(type)) throw header.damaged(`is of type ${type}; wanted is ${allowed.join(' or ')}`);
  if (depth > maxDepth) throw header.damaged(`says that it has ${depth} levels`);
  if (recordBytes === 0) throw header.damaged('has records of no bytes');
  const tree = { type, recordBytes, nodeBytes, ...widthsOf(nodeBytes, recordBytes, depth, addressBytes) };
  return { type, records: root === undefined ? none() : recordsOf(file, tree, root, count, depth) };
}

async function* none(): AsyncGenerator<Fields> {}

/** How wide numbers of records are follows from how many there can be. */
function widthsOf(nodeBytes: number, recordBytes: number, depth: number, addressBytes: number) {
  const inLeaf = Math.floor((nodeBytes - overheadBytes) / recordBytes);
  const countBytes = bytesFor(inLeaf);
  const totalBytes = [0];
  let below = inLeaf;
  for (let level = 1; level <= depth; level++) {
    const pointerBytes = addressBytes + countBytes + totalBytes.at(-1)!;
    const inNode = Math.floor((nodeBytes - overheadBytes - pointerBytes) / (recordBytes + pointerBytes));
    below = (inNode + 1) * below + inNode;
    totalBytes.push(bytesFor(below));
  }
  return { countBytes, totalBytes };
}

/** Bytes of a number up to `most`. */
export function bytesFor(most: number): number {
  return Math.floor(Math.log2(Math.max(1, most)) / 8) + 1;
}

async function* recordsOf(
  file: Metadata,
  tree: Tree,
  address: number | undefined,
  count: number,
  depth: number,
): AsyncGenerator<Fields> {
  const { addressBytes } = file.superblock;
  const pointerBytes = depth === 0 ? 0 : addressBytes + tree.countBytes + tree.totalBytes[depth - 1]!;
  const bytes = overheadBytes + count * tree.recordBytes + (depth === 0 ? 0 : (count + 1) * pointerBytes);
  if (bytes > tree.nodeBytes) throw file.parse(new Uint8Array(), what).damaged(`should have ${count} records`);
  const fields = await file.checked(address, bytes, depth === 0 ? 'BTLF' : 'BTIN', what);
  fields.version(0);
  fields.version(tree.type);
  const records = Array.from({ length: count }, () =>
    file.parse(fields.bytes(tree.recordBytes), 'a record of a B-tree'),
  );
  if (depth === 0) {
    yield* records;
    return;
  }
  for (let i = 0; i <= count; i++) {
    const child = fields.address();
    const childCount = fields.uint(tree.countBytes);
    fields.skip(tree.totalBytes[depth - 1]!);
    yield* recordsOf(file, tree, child, childCount, depth - 1);
    if (i < count) yield records[i]!;
  }
}
