// The elements of a dataset, put together from its chunks.
import type { OwnUint8Array, Shape } from '../../../tensor.js';
import { bytesAt } from '../../byte-source.js';
import { maxExpansion } from '../../deflate.js';
import { unreadable } from '../damage.js';
import { type Dataspace, elementCount } from '../dataspace.js';
import { type Filter, undoFilters } from '../filters.js';
import type { ChunkedLayout } from '../layout.js';
import type { Metadata } from '../metadata.js';
import type { Chunk } from './chunk.js';
import { chunksOf } from './chunk-index.js';

/** Copies chunks into `target`, the bytes of all elements. Elements of chunks that were never written stay as they are. */
export async function readChunks(
  file: Metadata,
  layout: ChunkedLayout,
  dataspace: Dataspace,
  filters: readonly Filter[],
  target: OwnUint8Array,
  name: string,
): Promise<void> {
  const { chunkShape, elementBytes } = layout;
  const { shape } = dataspace;
  if (chunkShape.length !== shape.length) throw unreadable(file.path, `${name} has chunks of another rank`);
  const chunkBytes = elementCount(chunkShape) * elementBytes;
  const seen = new Set<string>();
  let storedBytes = 0;
  for await (const chunk of chunksOf(file, layout, dataspace, chunkBytes)) {
    const begin = chunk.place.map((at, i) => at * chunkShape[i]!);
    // Chunks beyond the dataset are left where it was made smaller.
    if (begin.some((at, i) => at >= shape[i]!)) continue;
    const key = chunk.place.join();
    if (!chunk.place.every(Number.isInteger)) throw unreadable(file.path, `${name} has a chunk at (${key})`);
    if (seen.has(key)) throw unreadable(file.path, `${name} has two chunks at (${key})`);
    seen.add(key);
    storedBytes += chunk.bytes;
    if (storedBytes > file.size) throw unreadable(file.path, `chunks of ${name} share bytes`);
    const isPartial = begin.some((at, i) => at + chunkShape[i]! > shape[i]!);
    const undone = layout.partialUnfiltered && isPartial ? [] : filters;
    const bytes = await readChunk(file, chunk, undone, chunkBytes, name);
    copyChunk(bytes, chunkShape, begin, target, shape, elementBytes);
  }
}

async function readChunk(
  file: Metadata,
  { address, bytes, filterMask }: Chunk,
  filters: readonly Filter[],
  chunkBytes: number,
  name: string,
): Promise<Uint8Array> {
  if (!(address + bytes <= file.size)) {
    throw unreadable(
      file.path,
      `a chunk of ${name} should have ${bytes} bytes from byte ${address} on, beyond the end`,
    );
  }
  if (chunkBytes > bytes * maxExpansion) {
    throw unreadable(file.path, `a chunk of ${name} cannot have ${chunkBytes} bytes, for ${bytes} are there of it`);
  }
  const packed = await bytesAt(file.source, file.superblock.base + address, bytes);
  return undoFilters(packed, filters, filterMask, chunkBytes, name, file.path);
}

/** Copies the part of a chunk that is in the dataset, a run along the last dimension at a time. */
function copyChunk(
  chunk: Uint8Array,
  chunkShape: Shape,
  begin: Shape,
  target: Uint8Array,
  shape: Shape,
  elementBytes: number,
): void {
  const size = shape.map((dimension, i) => Math.min(chunkShape[i]!, dimension - begin[i]!));
  const rows = elementCount(size.slice(0, -1));
  const runBytes = size.at(-1)! * elementBytes;
  const index = size.slice(0, -1).map(() => 0);
  for (let row = 0; row < rows; row++) {
    const [from, to] = [[...index, 0], [...index, 0].map((at, i) => at + begin[i]!)];
    const chunkBegin = offsetOf(from, chunkShape) * elementBytes;
    target.set(chunk.subarray(chunkBegin, chunkBegin + runBytes), offsetOf(to, shape) * elementBytes);
    for (let axis = index.length - 1; axis >= 0 && ++index[axis]! === size[axis]; axis--) index[axis] = 0;
  }
}

/** The number of an element, row by row. */
function offsetOf(index: readonly number[], shape: Shape): number {
  return index.reduce((offset, at, axis) => offset * shape[axis]! + at, 0);
}
