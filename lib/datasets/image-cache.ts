// Decoded images on disk, as a safetensors file: the pixels, then the labels, then classes and skipped files as JSON. The
// file is mapped, so that images may take more room than memory has.
import { promises } from 'node:fs';
import { mapFile } from '../devices/map-file.js';
import { CudaGanError } from '../errors.js';
import { fileError, replaceFile } from '../formats/files.js';
import {
  encodeHeader,
  formatNames,
  headerBytesOf,
  layoutOf,
  lengthBytes,
  metadataName,
} from '../formats/safetensors-header.js';
import { type OwnInt32Array, type OwnUint8Array, type Shape, sizeOf } from '../tensor.js';
import type { SkippedFile } from './image-files.js';

/** What is known of images that were decoded. */
export interface ImageRecord {
  /** [n, height, width, channels] */
  readonly shape: Shape;
  /** Places in `classes`, [n]; zeros where there are none. */
  readonly labels: OwnInt32Array;
  /** Undefined where the images have no classes. */
  readonly classes: readonly string[] | undefined;
  readonly skipped: readonly SkippedFile[];
}

export interface DecodedImages extends ImageRecord {
  readonly pixels: OwnUint8Array;
}

/** Takes the pixels of the next image. */
export type PixelSink = (pixels: Uint8Array) => Promise<void>;

/** The header is written last, into a place in front of the pixels: memory's pages begin at multiples of it. */
const dataBegin = 4096;
const kind = 'decoded images of cuda-gan, 1';

/** How the header of such a file begins, of whatever version. */
const mark = '{"__metadata__":{"kind":"decoded images of cuda-gan';

/** The images of a cache file; undefined when there is none, it is damaged, or `key` says that it is of other images. */
export async function openCache(path: string, key: string): Promise<DecodedImages | undefined> {
  try {
    const bytes = await mapFile(path);
    const begin = lengthBytes + headerBytesOf(bytes, bytes.length, path);
    const { metadata, places } = layoutOf(bytes.subarray(lengthBytes, begin), bytes.length - begin, path);
    if (metadata.kind !== kind || metadata.key !== key || places.length !== 3) return undefined;
    const [pixels, labels, json] = places.map((place) => bytes.subarray(begin + place.begin, begin + place.end));
    return {
      ...JSON.parse(Buffer.from(json!).toString()),
      shape: places[0]!.shape,
      labels: new Int32Array(new Uint8Array(labels!).buffer),
      pixels: pixels!,
    };
  } catch (error) {
    const isDamage = error instanceof SyntaxError || (error as CudaGanError).code === 'CUDA_GAN_FILE';
    if (isDamage) return undefined;
    throw error;
  }
}

/** Makes sure that what is at `path`, if anything, is a cache file, damaged or not. @throws CudaGanError `CUDA_GAN_FILE` */
export async function requireCacheFile(path: string): Promise<void> {
  const file = await promises.open(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError('read', path, error);
  });
  if (file === undefined) return;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(mark.length), 0, mark.length, lengthBytes);
    if (bytesRead === mark.length ? buffer.toString() === mark : (await file.stat()).size === 0) return;
  } catch (error) {
    throw fileError('read', path, error);
  } finally {
    await file.close();
  }
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${path} is there and holds no decoded images: it is not written over; name another file for cache, or remove it`,
  );
}

/**
 * Makes a cache file of what `fill` hands to its sink and returns, in the place of an earlier one.
 * @throws CudaGanError `CUDA_GAN_FILE` when it cannot be written, and what `fill` throws; an earlier one is then left as it was.
 */
export async function writeCache(
  path: string,
  key: string,
  fill: (sink: PixelSink) => Promise<ImageRecord>,
): Promise<void> {
  await replaceFile(path, async (file) => {
    let position = dataBegin;
    const add = async (bytes: Uint8Array) => {
      await file.write(bytes, 0, bytes.length, position);
      position += bytes.length;
    };
    const { shape, labels, ...rest } = await fill(add);
    const json = Buffer.from(JSON.stringify(rest));
    await add(new Uint8Array(labels.buffer));
    await add(json);
    const header = headerOf({ pixels: sizeOf(shape), labels: labels.byteLength, json: json.length }, shape, key);
    await file.write(header, 0, header.length, 0);
  });
}

function headerOf(
  bytes: Readonly<Record<'pixels' | 'labels' | 'json', number>>,
  shape: Shape,
  key: string,
): Uint8Array {
  const ends = { pixels: bytes.pixels, labels: bytes.pixels + bytes.labels };
  const header = {
    [metadataName]: { kind, key },
    pixels: { dtype: formatNames.uint8, shape, data_offsets: [0, ends.pixels] },
    labels: { dtype: formatNames.int32, shape: [shape[0]], data_offsets: [ends.pixels, ends.labels] },
    json: { dtype: formatNames.uint8, shape: [bytes.json], data_offsets: [ends.labels, ends.labels + bytes.json] },
  };
  return encodeHeader(header, dataBegin);
}
