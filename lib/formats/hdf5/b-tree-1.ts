// B-trees of version 1 (section III.A.1): the entries of their leaves, in order.
import type { Fields } from './fields.js';
import type { Metadata } from './metadata.js';

/** What the trees of groups, and those of chunks, are keyed by. */
export const groupTree = 0;
export const chunkTree = 1;

export interface BTree1 {
  readonly type: typeof groupTree | typeof chunkTree;
  readonly keyBytes: number;
}

export interface Entry1 {
  readonly key: Fields;
  readonly child: number | undefined;
}

const what = 'a node of a B-tree';

/** `level` is that of the parent node less one: it makes sure that a tree has an end. */
export async function* entriesOfBTree1(
  file: Metadata,
  address: number | undefined,
  tree: BTree1,
  level?: number,
): AsyncGenerator<Entry1> {
  const { addressBytes } = file.superblock;
  const prefixBytes = 8 + 2 * addressBytes;
  const prefix = await file.signed(address, prefixBytes, 'TREE', what);
  const [type, foundLevel, count] = [prefix.uint(1), prefix.uint(1), prefix.uint(2)];
  if (type !== tree.type) throw prefix.damaged(`is of type ${type}; wanted is ${tree.type}`);
  if (foundLevel !== (level ?? foundLevel)) throw prefix.damaged(`is of level ${foundLevel}; wanted is ${level}`);
  const fields = await file.fields(address! + prefixBytes, count * (tree.keyBytes + addressBytes), what);
  for (let i = 0; i < count; i++) {
    const key = file.parse(fields.bytes(tree.keyBytes), what);
    const child = fields.address();
    if (foundLevel === 0) yield { key, child };
    else yield* entriesOfBTree1(file, child, tree, foundLevel - 1);
  }
}
