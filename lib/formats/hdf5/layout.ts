// Where the elements of a dataset are (section IV.A.2.i).
import type { Shape } from '../../tensor.js';
import type { Fields } from './fields.js';
import type { Metadata } from './metadata.js';

export type Layout = CompactLayout | ContiguousLayout | ChunkedLayout | OtherLayout;

/** In the object header. */
export interface CompactLayout {
  readonly kind: 'compact';
  readonly data: Uint8Array;
}

/** In one place, or nowhere yet. */
export interface ContiguousLayout {
  readonly kind: 'contiguous';
  readonly address: number | undefined;
}

/** In pieces of the same shape, which may be filtered. */
export interface ChunkedLayout {
  readonly kind: 'chunked';
  readonly chunkShape: Shape;
  readonly elementBytes: number;
  readonly address: number | undefined;
  readonly index: ChunkIndex;
  /** Whether chunks that reach beyond the dataset are not filtered. */
  readonly partialUnfiltered: boolean;
}

export type ChunkIndex =
  | { readonly kind: 'B-tree 1' }
  | { readonly kind: 'single'; readonly bytes: number | undefined; readonly filterMask: number }
  | { readonly kind: 'implicit' }
  | { readonly kind: 'fixed array' }
  | { readonly kind: 'extensible array' }
  | { readonly kind: 'B-tree 2' };

/** Nowhere that is read. */
export interface OtherLayout {
  readonly kind: 'other';
  /** What it is, in words. */
  readonly name: string;
}

const classes = ['compact', 'contiguous', 'chunked', 'virtual'] as const;

export function parseLayout(file: Metadata, bytes: Uint8Array): Layout {
  const fields = file.parse(bytes, 'a layout message');
  const version = fields.version(1, 2, 3, 4);
  return version < 3 ? parseOld(fields) : parseNew(fields, version);
}

function parseOld(fields: Fields): Layout {
  const [rank, type] = [fields.uint(1), fields.uint(1)];
  fields.skip(5);
  switch (classes[type]) {
    case 'compact':
      fields.skip(4 * rank);
      return { kind: 'compact', data: fields.bytes(fields.uint(4)).slice() };
    case 'contiguous':
      return { kind: 'contiguous', address: fields.address() };
    case 'chunked':
      return oldChunks(fields, rank, fields.address());
    default:
      throw fields.damaged(`has class ${type}; allowed are 0, 1 and 2`);
  }
}

function parseNew(fields: Fields, version: number): Layout {
  const type = fields.uint(1);
  switch (classes[type]) {
    case 'compact':
      return { kind: 'compact', data: fields.bytes(fields.uint(2)).slice() };
    case 'contiguous':
      return { kind: 'contiguous', address: fields.address() };
    case 'chunked': {
      if (version === 4) return newChunks(fields);
      const rank = fields.uint(1);
      return oldChunks(fields, rank, fields.address());
    }
    case 'virtual':
      return { kind: 'other', name: 'are in other datasets' };
    default:
      throw fields.damaged(`has class ${type}; allowed are 0, 1 and 2`);
  }
}

function oldChunks(fields: Fields, rank: number, address: number | undefined): ChunkedLayout {
  const dimensions = dimensionsOf(fields, rank, 4);
  return { kind: 'chunked', ...dimensions, address, index: { kind: 'B-tree 1' }, partialUnfiltered: false };
}

function newChunks(fields: Fields): ChunkedLayout {
  const [flags, rank, width] = [fields.uint(1), fields.uint(1), fields.uint(1)];
  const dimensions = dimensionsOf(fields, rank, width);
  const index = indexOf(fields, flags);
  const address = fields.address();
  return { kind: 'chunked', ...dimensions, address, index, partialUnfiltered: (flags & 1) !== 0 };
}

/** The last of the dimensions are the bytes of an element. */
function dimensionsOf(fields: Fields, rank: number, width: number) {
  if (rank < 2) throw fields.damaged(`has chunks of ${rank - 1} dimensions`);
  const dimensions = Array.from({ length: rank }, () => fields.uint(width));
  if (dimensions.includes(0)) throw fields.damaged('has chunks of no elements');
  return { chunkShape: dimensions.slice(0, -1), elementBytes: dimensions.at(-1)! };
}

/** What indices know of themselves in this message, their own headers know too. */
function indexOf(fields: Fields, flags: number): ChunkIndex {
  const type = fields.uint(1);
  switch (type) {
    case 1: {
      const isFiltered = (flags & 2) !== 0;
      if (!isFiltered) return { kind: 'single', bytes: undefined, filterMask: 0 };
      return { kind: 'single', bytes: fields.length(), filterMask: fields.uint(4) };
    }
    case 2:
      return { kind: 'implicit' };
    case 3:
      fields.skip(1);
      return { kind: 'fixed array' };
    case 4:
      fields.skip(5);
      return { kind: 'extensible array' };
    case 5:
      fields.skip(6);
      return { kind: 'B-tree 2' };
    default:
      throw fields.damaged(`has a chunk index of type ${type}; allowed are 1 to 5`);
  }
}
