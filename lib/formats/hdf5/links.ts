// The links of a group: in symbol tables (section III.B), in messages (IV.A.2.g), or in a heap of these (IV.A.2.c).
import { entriesOfBTree1, groupTree } from './b-tree-1.js';
import { readBTree2, recordTypes } from './b-tree-2.js';
import { unreadable } from './damage.js';
import { textOf, textUpToZero } from './fields.js';
import { HeapReader } from './fractal-heap.js';
import type { Metadata } from './metadata.js';
import { type Message, messageOf, messageTypes } from './object-header.js';

export type Link = HardLink | SoftLink;

export interface HardLink {
  readonly name: string;
  /** Of an object header. */
  readonly address: number | undefined;
}

export interface SoftLink {
  readonly name: string;
  readonly path: string;
}

/** The links of a group of this name, or undefined for what is no group. */
export async function readLinks(
  file: Metadata,
  messages: readonly Message[],
  groupName: string,
): Promise<readonly Link[] | undefined> {
  const symbolTable = messageOf(messages, 'symbolTable');
  if (symbolTable !== undefined) return linksOfSymbolTable(file, symbolTable.bytes);
  const info = messageOf(messages, 'linkInfo');
  const links = messages.filter(({ type }) => type === messageTypes.link);
  if (info === undefined && links.length === 0) return undefined;
  const stored = links.map(({ bytes }) => parseLink(file, bytes, groupName));
  const { tracked, heap, tree } = info === undefined ? noInfo : parseInfo(file, info.bytes);
  if (heap !== undefined) stored.push(...(await linksOfHeap(file, heap, tree, groupName)));
  return tracked ? stored.sort((a, b) => a.order - b.order) : stored.sort(byName);
}

const byName = (a: Link, b: Link) => (a.name < b.name ? -1 : Number(a.name > b.name));

async function linksOfSymbolTable(file: Metadata, bytes: Uint8Array): Promise<Link[]> {
  const { addressBytes, lengthBytes } = file.superblock;
  const fields = file.parse(bytes, 'a symbol table');
  const [tree, heapAddress] = [fields.address(), fields.address()];
  const heap = await readLocalHeap(file, heapAddress);
  const textAt = (offset: number) => {
    if (offset >= heap.length) throw fields.damaged(`has a name at byte ${offset} of ${heap.length}`);
    const text = textUpToZero(heap.subarray(offset));
    file.charge(text.length);
    return text;
  };
  const links: Link[] = [];
  for await (const { child } of entriesOfBTree1(file, tree, { type: groupTree, keyBytes: lengthBytes })) {
    const what = 'a node of a symbol table';
    const prefix = await file.signed(child, 8, 'SNOD', what);
    prefix.version(1);
    prefix.skip(1);
    const count = prefix.uint(2);
    const entries = await file.fields(child! + 8, count * (2 * addressBytes + 24), what);
    for (let i = 0; i < count; i++) {
      const name = textAt(entries.uint(addressBytes));
      const address = entries.address();
      const cacheType = entries.uint(4);
      entries.skip(4);
      const pathOffset = entries.uint(4);
      entries.skip(12);
      links.push(cacheType === softLinkCache ? { name, path: textAt(pathOffset) } : { name, address });
    }
  }
  return links;
}

const softLinkCache = 2;

/** The texts of a local heap (section III.D). */
async function readLocalHeap(file: Metadata, address: number | undefined): Promise<Uint8Array> {
  const { addressBytes, lengthBytes } = file.superblock;
  const header = await file.signed(address, 8 + 2 * lengthBytes + addressBytes, 'HEAP', 'a local heap');
  header.version(0);
  header.skip(3);
  const bytes = header.length();
  header.skip(lengthBytes); // free space
  return file.bytes(header.address(), bytes, 'a local heap');
}

interface LinkInfo {
  /** Whether the file knows in which order links were made. */
  readonly tracked: boolean;
  readonly heap: number | undefined;
  readonly tree: number | undefined;
}

const noInfo: LinkInfo = { tracked: false, heap: undefined, tree: undefined };

function parseInfo(file: Metadata, bytes: Uint8Array): LinkInfo {
  const fields = file.parse(bytes, 'a link info message');
  fields.version(0);
  const flags = fields.uint(1);
  const tracked = (flags & 1) !== 0;
  if (tracked) fields.skip(8);
  return { tracked, heap: fields.address(), tree: fields.address() };
}

async function linksOfHeap(file: Metadata, address: number, tree: number | undefined, groupName: string) {
  const heap = await HeapReader.open(file, address);
  const { records } = await readBTree2(file, tree, [recordTypes.linkName]);
  const links: (Link & { readonly order: number })[] = [];
  for await (const record of records) {
    record.skip(4); // the hash of the name
    links.push(parseLink(file, await heap.object(record), groupName));
  }
  return links;
}

const hardLink = 0;
const softLink = 1;

function parseLink(file: Metadata, bytes: Uint8Array, groupName: string): Link & { readonly order: number } {
  const fields = file.parse(bytes, 'a link');
  fields.version(1);
  const flags = fields.uint(1);
  const type = (flags & 8) !== 0 ? fields.uint(1) : hardLink;
  const order = (flags & 4) !== 0 ? fields.uint(8) : 0;
  if ((flags & 16) !== 0) fields.skip(1); // ASCII or UTF-8
  const name = textOf(fields.bytes(fields.uint(2 ** (flags & 3))));
  if (type === hardLink) return { name, order, address: fields.address() };
  if (type === softLink) return { name, order, path: textOf(fields.bytes(fields.uint(2))) };
  throw unreadable(file.path, `"${name}" in ${groupName} is a link into another file, or of a user's kind (${type})`);
}
