// What the indices of chunks know of each.
import type { Shape } from '../../../tensor.js';
import type { Fields } from '../fields.js';
import type { Metadata } from '../metadata.js';

/** Where a chunk is stored. */
export interface StoredChunk {
  readonly address: number;
  /** As it is stored. */
  readonly bytes: number;
  /** A bit for each filter that was left out. */
  readonly filterMask: number;
}

export interface Chunk extends StoredChunk {
  /** Its place among the chunks along each dimension. */
  readonly place: Shape;
}

/** A chunk by its number in an array. */
export type NumberedChunk = readonly [number: number, chunk: StoredChunk];

/** How arrays of chunks have their elements: only an address, or what becomes of filters too. */
export interface ElementFormat {
  readonly bytes: number;
  readonly isFiltered: boolean;
  /** Of chunks that are not filtered. */
  readonly chunkBytes: number;
}

const maskBytes = 4;

/** An element of an array; undefined for a chunk that was never written. */
export function parseElement(file: Metadata, fields: Fields, format: ElementFormat): StoredChunk | undefined {
  const element = file.parse(fields.bytes(format.bytes), 'an element of a chunk index');
  const address = element.address();
  if (address === undefined) return undefined;
  if (!format.isFiltered) return { address, bytes: format.chunkBytes, filterMask: 0 };
  return { address, bytes: element.uint(element.left - maskBytes), filterMask: element.uint(maskBytes) };
}

/** The bit of a page or block in a bitmap, whose first is the highest. */
export function hasBit(bits: Uint8Array, number: number): boolean {
  return (((bits[number >> 3] ?? 0) << (number & 7)) & 0x80) !== 0;
}
