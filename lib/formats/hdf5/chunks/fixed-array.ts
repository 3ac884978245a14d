// Fixed arrays (section VII.C): chunks of datasets that cannot grow. Large ones are in pages, of which some may be missing.
import type { Metadata } from '../metadata.js';
import { type ElementFormat, hasBit, type NumberedChunk, parseElement } from './chunk.js';

const checksumBytes = 4;

export async function* chunksOfFixedArray(
  file: Metadata,
  address: number,
  chunkBytes: number,
): AsyncGenerator<NumberedChunk> {
  const { addressBytes, lengthBytes } = file.superblock;
  const headerBytes = 4 + 4 + lengthBytes + addressBytes + checksumBytes;
  const header = await file.checked(address, headerBytes, 'FAHD', 'the header of a fixed array');
  header.version(0);
  const isFiltered = header.uint(1) === 1;
  const format = { bytes: header.uint(1), isFiltered, chunkBytes };
  const pageLength = 2 ** header.uint(1);
  const length = header.length();
  const block = header.address();
  if (block === undefined) return;

  const pages = length > pageLength ? Math.ceil(length / pageLength) : 0;
  const bitmapBytes = Math.ceil(pages / 8);
  const ownBytes = 4 + 2 + addressBytes + (pages > 0 ? bitmapBytes : length * format.bytes) + checksumBytes;
  const fields = await file.checked(block, ownBytes, 'FADB', what);
  fields.version(0);
  fields.skip(1 + addressBytes);
  if (pages === 0) {
    for (let i = 0; i < length; i++) {
      const chunk = parseElement(file, fields, format);
      if (chunk !== undefined) yield [i, chunk];
    }
    return;
  }
  const bitmap = fields.bytes(bitmapBytes);
  const pageBytes = pageLength * format.bytes + checksumBytes;
  for (let page = 0; page < pages; page++) {
    if (!hasBit(bitmap, page)) continue;
    const begin = page * pageLength;
    const count = Math.min(pageLength, length - begin);
    yield* chunksOfPage(file, block + ownBytes + page * pageBytes, { begin, count }, format);
  }
}

const what = 'the data of a fixed array';

/** The chunks of a page, which is nothing but elements and a checksum. */
export async function* chunksOfPage(
  file: Metadata,
  address: number,
  { begin, count }: { readonly begin: number; readonly count: number },
  format: ElementFormat,
): AsyncGenerator<NumberedChunk> {
  const pageWhat = 'a page of chunks';
  const bytes = await file.bytes(address, count * format.bytes + checksumBytes, pageWhat);
  file.requireChecksum(bytes, pageWhat);
  const fields = file.parse(bytes, pageWhat);
  for (let i = 0; i < count; i++) {
    const chunk = parseElement(file, fields, format);
    if (chunk !== undefined) yield [begin + i, chunk];
  }
}
