// Symbol tables (sections III.A.1, III.B and III.D): the names of a group's members in a heap, nodes of a few entries each
// in the order of the names, and a B-tree over these.
import { fields } from '../../little-endian.js';
import type { Output } from './output.js';

/** Half of the most entries of a node of the table, and of the tree. The superblock tells both. */
export const halfOfTableNode = 4;
export const halfOfTreeNode = 16;

const addressBytes = 8;
const noAddress: readonly [8, number] = [8, -1];
const tableNodeBytes = 8 + 2 * halfOfTableNode * 40;
const treeNodeBytes = 8 + 2 * addressBytes + (2 * (2 * halfOfTreeNode) + 1) * addressBytes;

export interface Entry {
  readonly name: Uint8Array;
  /** Of the member's object header. */
  readonly address: number;
}

/** A node that was written, and where the last of its names is in the heap. */
interface Node {
  readonly address: number;
  readonly lastName: number;
}

/** Returns the symbol table message. */
export function writeSymbolTable(entries: readonly Entry[], output: Output): Uint8Array {
  const sorted = [...entries].sort((a, b) => Buffer.compare(a.name, b.name));
  const { heap, offsets } = writeNames(sorted, output);
  const nodes = groupsOf(sorted, 2 * halfOfTableNode).map((group, i): Node => {
    const places = group.map(({ address }, j) => ({ address, name: offsets[i * 2 * halfOfTableNode + j]! }));
    return { address: output.append(encodeTableNode(places)), lastName: places.at(-1)!.name };
  });
  return fields([
    [8, writeTree(nodes, output)],
    [8, heap],
  ]);
}

/** The local heap, and where each name is in it. It begins with an empty one, which is before all others. */
function writeNames(entries: readonly Entry[], output: Output): { heap: number; offsets: readonly number[] } {
  const offsets: number[] = [];
  let end = 8;
  for (const { name } of entries) {
    offsets.push(end);
    end += Math.floor(name.length / 8) * 8 + 8; // with a zero at least
  }
  const names = new Uint8Array(end);
  for (const [i, { name }] of entries.entries()) names.set(name, offsets[i]!);
  const noFreeSpace = 1;
  const head = fields([
    [8, names.length],
    [8, noFreeSpace],
    [8, output.append(names)],
  ]);
  return { heap: output.append(Buffer.concat([Buffer.from('HEAP\0\0\0\0'), head])), offsets };
}

function encodeTableNode(entries: readonly { readonly name: number; readonly address: number }[]): Uint8Array {
  const node = new Uint8Array(tableNodeBytes);
  node.set(Buffer.from('SNOD\x01\0'));
  node.set(fields([[2, entries.length]]), 6);
  for (const [i, { name, address }] of entries.entries()) {
    // The rest of an entry is room for a copy of what the header says.
    const place = fields([
      [8, name],
      [8, address],
    ]);
    node.set(place, 8 + i * 40);
  }
  return node;
}

/** The address of the root. */
function writeTree(leaves: readonly Node[], output: Output): number {
  let nodes = leaves;
  let level = 0;
  do {
    const groups = nodes.length === 0 ? [[]] : groupsOf(nodes, 2 * halfOfTreeNode);
    const begin = output.end;
    let firstName = 0;
    const written: Node[] = [];
    for (const [i, group] of groups.entries()) {
      const left = i === 0 ? noAddress[1] : begin + (i - 1) * treeNodeBytes;
      const right = i === groups.length - 1 ? noAddress[1] : begin + (i + 1) * treeNodeBytes;
      const address = output.append(encodeTreeNode(group, { level, left, right, firstName }));
      firstName = group.at(-1)?.lastName ?? 0;
      written.push({ address, lastName: firstName });
    }
    nodes = written;
    level++;
  } while (nodes.length > 1);
  return nodes[0]!.address;
}

interface TreeNode {
  readonly level: number;
  /** Addresses of the nodes beside it. */
  readonly left: number;
  readonly right: number;
  /** The name before its first one. */
  readonly firstName: number;
}

/** Between two children is the last name of the left one. */
function encodeTreeNode(children: readonly Node[], { level, left, right, firstName }: TreeNode): Uint8Array {
  const node = new Uint8Array(treeNodeBytes);
  node.set(Buffer.from('TREE\0'));
  const content = fields([
    [1, level],
    [2, children.length],
    [8, left],
    [8, right],
    [8, firstName],
    ...children.flatMap(({ address, lastName }) => [[8, address] as const, [8, lastName] as const]),
  ]);
  node.set(content, 5);
  return node;
}

function groupsOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
