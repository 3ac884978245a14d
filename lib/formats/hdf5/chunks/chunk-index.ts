// The chunks of a dataset that were written, as its index tells.
import type { Shape } from '../../../tensor.js';
import { chunkTree, entriesOfBTree1 } from '../b-tree-1.js';
import { readBTree2, recordTypes } from '../b-tree-2.js';
import { unreadable } from '../damage.js';
import type { Dataspace } from '../dataspace.js';
import type { ChunkedLayout } from '../layout.js';
import type { Metadata } from '../metadata.js';
import type { Chunk, NumberedChunk } from './chunk.js';
import { chunksOfExtensibleArray } from './extensible-array.js';
import { chunksOfFixedArray } from './fixed-array.js';

/** `chunkBytes` is what a chunk has before it is filtered. */
export function chunksOf(
  file: Metadata,
  layout: ChunkedLayout,
  dataspace: Dataspace,
  chunkBytes: number,
): AsyncIterable<Chunk> {
  const { address, index, chunkShape } = layout;
  if (address === undefined) return none();
  switch (index.kind) {
    case 'single':
      return singleChunk(chunkShape, { address, bytes: index.bytes ?? chunkBytes, filterMask: index.filterMask });
    case 'implicit':
      return implicitChunks(file, address, chunkShape, dataspace, chunkBytes);
    case 'fixed array':
      return placed(file, chunksOfFixedArray(file, address, chunkBytes), chunkShape, dataspace.maxShape, 0);
    case 'extensible array': {
      const growing = dataspace.maxShape.indexOf(Number.POSITIVE_INFINITY);
      const chunks = chunksOfExtensibleArray(file, address, chunkBytes);
      return placed(file, chunks, chunkShape, dataspace.maxShape, growing);
    }
    case 'B-tree 1':
      return chunksOfBTree1(file, address, chunkShape);
    case 'B-tree 2':
      return chunksOfBTree2(file, address, chunkShape.length, chunkBytes);
  }
}

async function* none(): AsyncGenerator<Chunk> {}

async function* singleChunk(chunkShape: Shape, chunk: Omit<Chunk, 'place'>): AsyncGenerator<Chunk> {
  yield { ...chunk, place: chunkShape.map(() => 0) };
}

/** One behind the other (section VII.B). */
async function* implicitChunks(
  file: Metadata,
  address: number,
  chunkShape: Shape,
  { shape, maxShape }: Dataspace,
  bytes: number,
): AsyncGenerator<Chunk> {
  const placeOf = placesIn(file, chunkShape, maxShape, 0);
  const count = maxShape.reduce((product, dimension, i) => product * Math.ceil(dimension / chunkShape[i]!), 1);
  for (let number = 0; number < count && address + number * bytes < file.size; number++) {
    const place = placeOf(number);
    if (place.some((at, i) => at * chunkShape[i]! >= shape[i]!)) continue;
    yield { address: address + number * bytes, bytes, filterMask: 0, place };
  }
}

async function* placed(
  file: Metadata,
  chunks: AsyncIterable<NumberedChunk>,
  chunkShape: Shape,
  maxShape: Shape,
  first: number,
): AsyncGenerator<Chunk> {
  const placeOf = placesIn(file, chunkShape, maxShape, first);
  for await (const [number, chunk] of chunks) yield { ...chunk, place: placeOf(number) };
}

/**
 * The places of chunks that are numbered row by row as if a dataset had its greatest shape. The dimension `first` varies
 * slowest: it may have no end.
 */
function placesIn(file: Metadata, chunkShape: Shape, maxShape: Shape, first: number): (number: number) => Shape {
  const counts = maxShape.map((dimension, i) => Math.ceil(dimension / chunkShape[i]!));
  const order = [first, ...counts.keys()].filter((axis, i) => i === 0 || axis !== first);
  const strides = order.map((_, i) => order.slice(i + 1).reduce((product, axis) => product * counts[axis]!, 1));
  if (first < 0 || !strides.every((stride) => Number.isSafeInteger(stride) && stride > 0)) {
    throw unreadable(file.path, 'an index of chunks does not fit to the shape of its dataset');
  }
  return (number) => {
    const place = counts.map(() => 0);
    let left = number;
    for (const [i, axis] of order.entries()) {
      place[axis] = Math.floor(left / strides[i]!);
      left %= strides[i]!;
    }
    return place;
  };
}

/** The key of a chunk has its bytes, its filters, and where its first element is, also within an element. */
async function* chunksOfBTree1(file: Metadata, address: number, chunkShape: Shape): AsyncGenerator<Chunk> {
  const keyBytes = 4 + 4 + 8 * (chunkShape.length + 1);
  for await (const { key, child } of entriesOfBTree1(file, address, { type: chunkTree, keyBytes })) {
    const [bytes, filterMask] = [key.uint(4), key.uint(4)];
    const place = chunkShape.map((dimension) => key.uint(8) / dimension);
    if (child === undefined) throw key.damaged('has a chunk that is nowhere');
    yield { address: child, bytes, filterMask, place };
  }
}

async function* chunksOfBTree2(
  file: Metadata,
  address: number,
  rank: number,
  chunkBytes: number,
): AsyncGenerator<Chunk> {
  const { type, records } = await readBTree2(file, address, [recordTypes.chunk, recordTypes.filteredChunk]);
  for await (const record of records) {
    const begin = record.address();
    const isFiltered = type === recordTypes.filteredChunk;
    const bytes = isFiltered ? record.uint(record.left - 4 - 8 * rank) : chunkBytes;
    const filterMask = isFiltered ? record.uint(4) : 0;
    const place = Array.from({ length: rank }, () => record.uint(8));
    if (begin === undefined) throw record.damaged('has a chunk that is nowhere');
    yield { address: begin, bytes, filterMask, place };
  }
}
