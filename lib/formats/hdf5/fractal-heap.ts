// Fractal heaps (section III.G), in which groups and attributes of many messages have them.
import { bytesFor, readBTree2, recordTypes } from './b-tree-2.js';
import { type Fields, textOf } from './fields.js';
import { lookup3 } from './lookup3.js';
import type { Metadata } from './metadata.js';

const checksumBytes = 4;
const managed = 0;
const huge = 1;
const tiny = 2;

interface FractalHeap {
  readonly idBytes: number;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  readonly hugeTree: number | undefined;
  readonly hasChecksums: boolean;
  /** Blocks lie in rows of so many. */
  readonly width: number;
  readonly firstBlockBytes: number;
  readonly maxDirectBytes: number;
  readonly root: number | undefined;
  /** Of the root, where that has blocks below it; else 0. */
  readonly rows: number;
}

/** Objects of a heap by their ids. */
export class HeapReader {
  readonly #file: Metadata;
  readonly #heap: FractalHeap;
  /** Objects that are too large for blocks, by their number. */
  #hugeObjects: ReadonlyMap<number, HugeObject> | undefined;

  private constructor(file: Metadata, heap: FractalHeap) {
    this.#file = file;
    this.#heap = heap;
  }

  static async open(file: Metadata, address: number | undefined): Promise<HeapReader> {
    return new HeapReader(file, await readHeader(file, address));
  }

  /** Bytes of an id. */
  get idBytes(): number {
    return this.#heap.idBytes;
  }

  async object(id: Fields): Promise<Uint8Array> {
    const first = id.uint(1);
    if (first >> 6 !== 0) throw id.damaged(`has an id of version ${first >> 6}; allowed is 0`);
    switch ((first >> 4) & 3) {
      case managed:
        return this.#managedObject(id);
      case huge:
        return this.#hugeObject(id);
      case tiny:
        return this.#tinyObject(id, first & 15);
      default:
        throw id.damaged('has an id of no known kind');
    }
  }

  async #managedObject(id: Fields): Promise<Uint8Array> {
    const { offsetBytes, lengthBytes } = this.#heap;
    const [offset, bytes] = [id.uint(offsetBytes), id.uint(lengthBytes)];
    const block = await findBlock(this.#file, this.#heap, offset);
    this.#file.charge(bytes);
    if (block !== undefined && block.begin + bytes <= block.bytes.length) {
      return block.bytes.subarray(block.begin, block.begin + bytes);
    }
    throw id.damaged(`leads to byte ${offset} of a heap, where there is nothing`);
  }

  async #hugeObject(id: Fields): Promise<Uint8Array> {
    const { addressBytes, lengthBytes } = this.#file.superblock;
    const what = 'an object of a heap';
    if (this.#heap.idBytes >= 1 + addressBytes + lengthBytes) return this.#file.bytes(id.address(), id.length(), what);
    this.#hugeObjects ??= await readHugeObjects(this.#file, this.#heap.hugeTree);
    const object = this.#hugeObjects.get(id.uint(Math.min(lengthBytes, this.#heap.idBytes - 1)));
    if (object === undefined) throw id.damaged('leads to nothing');
    return this.#file.bytes(object.address, object.bytes, what);
  }

  #tinyObject(id: Fields, shortLength: number): Uint8Array {
    const isLong = this.#heap.idBytes > 18;
    return id.bytes(1 + (isLong ? shortLength * 256 + id.uint(1) : shortLength));
  }
}

async function readHeader(file: Metadata, address: number | undefined): Promise<FractalHeap> {
  const { addressBytes: a, lengthBytes: l } = file.superblock;
  const bytes = 4 + 1 + 2 + 2 + 1 + 4 + 12 * l + 3 * a + 2 + 2 + 2 + 2 + checksumBytes;
  const header = await file.checked(address, bytes, 'FRHP', 'the header of a fractal heap');
  header.version(0);
  const [idBytes, filterBytes, flags] = [header.uint(2), header.uint(2), header.uint(1)];
  if (filterBytes !== 0) throw header.damaged('has filters, which are not read');
  const maxManagedBytes = header.uint(4);
  header.skip(l); // the next id of a huge object
  const hugeTree = header.address();
  header.skip(l + a); // free space
  header.skip(8 * l); // how much there is of what
  const width = header.uint(2);
  const [firstBlockBytes, maxDirectBytes] = [header.length(), header.length()];
  const heapBits = header.uint(2);
  header.skip(2); // rows at the beginning
  const [root, rows] = [header.address(), header.uint(2)];
  const arePowers = [width, firstBlockBytes, maxDirectBytes].every((size) => Number.isInteger(Math.log2(size)));
  if (idBytes < 1 || heapBits > 64 || !arePowers || firstBlockBytes > maxDirectBytes) {
    throw header.damaged(`has ${width} blocks in a row, of ${firstBlockBytes} to ${maxDirectBytes} bytes`);
  }
  return {
    idBytes,
    offsetBytes: Math.ceil(heapBits / 8),
    lengthBytes: Math.min(bytesFor(maxDirectBytes), bytesFor(maxManagedBytes)),
    hugeTree,
    hasChecksums: (flags & 2) !== 0,
    width,
    firstBlockBytes,
    maxDirectBytes,
    root,
    rows,
  };
}

interface Place {
  readonly bytes: Uint8Array;
  readonly begin: number;
}

/** The block that has a byte of the heap. The blocks of the first two rows are alike, in each further row twice as large. */
async function findBlock(file: Metadata, heap: FractalHeap, offset: number): Promise<Place | undefined> {
  let { root: address, rows } = heap;
  let within = offset;
  let blockBytes = heap.firstBlockBytes;
  while (address !== undefined && rows > 0) {
    const block: IndirectBlock = await readIndirectBlock(file, heap, address, rows);
    const rowsBegin = Math.floor(within / (heap.width * heap.firstBlockBytes));
    const row = rowsBegin === 0 ? 0 : Math.floor(Math.log2(rowsBegin)) + 1;
    if (row >= rows) return undefined;
    blockBytes = heap.firstBlockBytes * 2 ** Math.max(0, row - 1);
    within -= row === 0 ? 0 : heap.width * blockBytes;
    address = block.children[row * heap.width + Math.floor(within / blockBytes)];
    within %= blockBytes;
    const isDirect = blockBytes <= heap.maxDirectBytes;
    rows = isDirect ? 0 : Math.log2(blockBytes / (heap.firstBlockBytes * heap.width)) + 1;
  }
  if (address === undefined) return undefined;
  return { bytes: await readDirectBlock(file, heap, address, blockBytes), begin: within };
}

interface IndirectBlock {
  readonly children: readonly (number | undefined)[];
}

function readIndirectBlock(file: Metadata, heap: FractalHeap, address: number, rows: number): Promise<IndirectBlock> {
  const what = 'an indirect block of a fractal heap';
  return file.once(what, address, async () => {
    const { addressBytes } = file.superblock;
    const count = rows * heap.width;
    const bytes = 5 + addressBytes + heap.offsetBytes + count * addressBytes + checksumBytes;
    const fields = await file.checked(address, bytes, 'FHIB', what);
    fields.version(0);
    fields.skip(addressBytes + heap.offsetBytes); // of the heap, and in it
    return { children: Array.from({ length: count }, () => fields.address()) };
  });
}

/** Offsets count from the begin of a block on, its header included. */
function readDirectBlock(file: Metadata, heap: FractalHeap, address: number, count: number): Promise<Uint8Array> {
  const what = 'a direct block of a fractal heap';
  return file.once(what, address, async () => {
    const bytes = await file.bytes(address, count, what);
    const fields = file.parse(bytes, what);
    if (textOf(fields.bytes(4)) !== 'FHDB') throw fields.damaged('does not begin with FHDB');
    fields.version(0);
    fields.skip(file.superblock.addressBytes + heap.offsetBytes);
    if (heap.hasChecksums) {
      const withoutChecksum = bytes.slice().fill(0, fields.position, fields.position + checksumBytes);
      if (fields.uint(checksumBytes) !== lookup3(withoutChecksum)) throw fields.damaged('has a wrong checksum');
    }
    return bytes;
  });
}

interface HugeObject {
  readonly address: number | undefined;
  readonly bytes: number;
}

async function readHugeObjects(file: Metadata, tree: number | undefined): Promise<ReadonlyMap<number, HugeObject>> {
  const objects = new Map<number, HugeObject>();
  const { records } = await readBTree2(file, tree, [recordTypes.hugeObject]);
  for await (const record of records) {
    const object = { address: record.address(), bytes: record.length() };
    objects.set(record.length(), object);
  }
  return objects;
}
