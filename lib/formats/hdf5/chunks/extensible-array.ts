// Extensible arrays (section VII.D): chunks of datasets that can grow along one dimension. The first are in the index
// block, the next in data blocks that it leads to, all others in data blocks of secondary blocks. Blocks become larger.
import type { Metadata } from '../metadata.js';
import { type ElementFormat, hasBit, type NumberedChunk, parseElement } from './chunk.js';
import { chunksOfPage } from './fixed-array.js';

const checksumBytes = 4;

interface ExtensibleArray {
  readonly format: ElementFormat;
  /** Bytes of an element's number. */
  readonly numberBytes: number;
  readonly inIndexBlock: number;
  readonly minBlockLength: number;
  readonly pageLength: number;
}

/** Data blocks of one size, which a secondary block leads to unless the index block does. */
interface Generation {
  readonly blocks: number;
  readonly blockLength: number;
  /** The number of the first element. */
  readonly begin: number;
}

export async function* chunksOfExtensibleArray(
  file: Metadata,
  address: number,
  chunkBytes: number,
): AsyncGenerator<NumberedChunk> {
  const { addressBytes, lengthBytes } = file.superblock;
  const headerBytes = 4 + 8 + 6 * lengthBytes + addressBytes + checksumBytes;
  const header = await file.checked(address, headerBytes, 'EAHD', 'the header of an extensible array');
  header.version(0);
  const isFiltered = header.uint(1) === 1;
  const format = { bytes: header.uint(1), isFiltered, chunkBytes };
  const [numberBits, inIndexBlock] = [header.uint(1), header.uint(1)];
  const [minBlockLength, minPointers, pageBits] = [header.uint(1), header.uint(1), header.uint(1)];
  header.skip(6 * lengthBytes); // how much there is of what
  const indexBlock = header.address();
  if (indexBlock === undefined) return;
  const arePowers = [minBlockLength, minPointers].every((count) => Number.isInteger(Math.log2(count)));
  if (!arePowers || numberBits > 64) throw header.damaged(`has blocks of ${minBlockLength} and ${minPointers}`);

  const numberBytes = Math.ceil(numberBits / 8);
  const array = { format, numberBytes, inIndexBlock, minBlockLength, pageLength: 2 ** pageBits };
  const generations = generationsOf(array, numberBits);
  const direct = generations.slice(0, 2 * Math.log2(minPointers));
  const directBlocks = direct.reduce((sum, { blocks }) => sum + blocks, 0);
  const pointers = directBlocks + generations.length - direct.length;
  const ownBytes = 4 + 2 + addressBytes + inIndexBlock * format.bytes + pointers * addressBytes + checksumBytes;
  const fields = await file.checked(indexBlock, ownBytes, 'EAIB', 'the index block of an extensible array');
  fields.version(0);
  fields.skip(1 + addressBytes);
  for (let i = 0; i < inIndexBlock; i++) {
    const chunk = parseElement(file, fields, format);
    if (chunk !== undefined) yield [i, chunk];
  }
  for (const generation of direct) {
    for (let i = 0; i < generation.blocks; i++) {
      yield* chunksOfDataBlock(file, array, fields.address(), generation, i, () => true);
    }
  }
  for (const generation of generations.slice(direct.length)) {
    yield* chunksOfSecondaryBlock(file, array, fields.address(), generation);
  }
}

/** In every second generation there are twice as many blocks, in every other they are twice as long. */
function generationsOf({ inIndexBlock, minBlockLength }: ExtensibleArray, numberBits: number): readonly Generation[] {
  const generations: Generation[] = [];
  let begin = inIndexBlock;
  for (let i = 0; i < 1 + numberBits - Math.log2(minBlockLength); i++) {
    const generation = { begin, blocks: 2 ** (i >> 1), blockLength: minBlockLength * 2 ** ((i + 1) >> 1) };
    generations.push(generation);
    begin += generation.blocks * generation.blockLength;
  }
  return generations;
}

async function* chunksOfSecondaryBlock(
  file: Metadata,
  array: ExtensibleArray,
  address: number | undefined,
  generation: Generation,
): AsyncGenerator<NumberedChunk> {
  if (address === undefined) return;
  const { addressBytes } = file.superblock;
  const { blocks } = generation;
  const pages = pagesOf(array, generation);
  const bitmapBytes = blocks * Math.ceil(pages / 8);
  const ownBytes = 4 + 2 + addressBytes + array.numberBytes + bitmapBytes + blocks * addressBytes + checksumBytes;
  const fields = await file.checked(address, ownBytes, 'EASB', 'a secondary block of an extensible array');
  fields.version(0);
  fields.skip(1 + addressBytes + array.numberBytes);
  const bitmap = fields.bytes(bitmapBytes);
  for (let i = 0; i < blocks; i++) {
    const hasPage = (page: number) => hasBit(bitmap, i * pages + page);
    yield* chunksOfDataBlock(file, array, fields.address(), generation, i, hasPage);
  }
}

/** How many pages a data block has; 0 where it has none and its elements are its own. */
function pagesOf({ pageLength }: ExtensibleArray, { blockLength }: Generation): number {
  return blockLength > pageLength ? blockLength / pageLength : 0;
}

async function* chunksOfDataBlock(
  file: Metadata,
  array: ExtensibleArray,
  address: number | undefined,
  generation: Generation,
  block: number,
  hasPage: (page: number) => boolean,
): AsyncGenerator<NumberedChunk> {
  if (address === undefined) return;
  const { format, numberBytes, pageLength } = array;
  const { blockLength } = generation;
  const begin = generation.begin + block * blockLength;
  const pages = pagesOf(array, generation);
  const ownElements = pages === 0 ? blockLength : 0;
  const { addressBytes } = file.superblock;
  const ownBytes = 4 + 2 + addressBytes + numberBytes + ownElements * format.bytes + checksumBytes;
  const fields = await file.checked(address, ownBytes, 'EADB', 'a data block of an extensible array');
  fields.version(0);
  fields.skip(1 + addressBytes + numberBytes);
  for (let i = 0; i < ownElements; i++) {
    const chunk = parseElement(file, fields, format);
    if (chunk !== undefined) yield [begin + i, chunk];
  }
  const pageBytes = pageLength * format.bytes + checksumBytes;
  for (let page = 0; page < pages; page++) {
    if (!hasPage(page)) continue;
    const places = { begin: begin + page * pageLength, count: pageLength };
    yield* chunksOfPage(file, address + ownBytes + page * pageBytes, places, format);
  }
}
