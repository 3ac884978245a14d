// Decodes the images of a folder, several at a time.
import { constants } from 'node:buffer';
import { join } from 'node:path';
import { CudaGanError } from '../errors.js';
import { isOfSystem, readBytes, reasonOf } from '../formats/files.js';
import type { ImageRecord, PixelSink } from './image-cache.js';
import { decodeImage, type PixelFormat, type Pixels } from './image-decoder.js';
import type { DecodingProgress, ImageFile, ImageFiles, SkippedFile } from './image-files.js';
import { inOrder } from './in-order.js';
import { loadSharp, type Sharp } from './sharp.cjs';

export interface Decoding {
  readonly folder: string;
  readonly files: ImageFiles;
  readonly format: PixelFormat;
  /** Whether a file that cannot be decoded is an error. */
  readonly strict: boolean;
  readonly onProgress: ((progress: DecodingProgress) => void | Promise<void>) | undefined;
}

/** How many images are decoded at the same time. */
const limit = 8;

/** Decodes all files, and hands the pixels of those that can be to `sink`, in their order. */
export async function decodeImages(
  { folder, files, format, strict, onProgress }: Decoding,
  sink: PixelSink,
): Promise<ImageRecord> {
  const sharp = loadSharp();
  if (format.size !== undefined) requireRoom(files.files.length, format.size, format);
  const skipped: SkippedFile[] = [];
  const labels: number[] = [];
  let first: Sized | undefined;
  let done = 0;
  for await (const { file, pixels, reason } of inOrder(files.files, limit, (file) =>
    tryDecode(sharp, folder, file, format),
  )) {
    if (pixels === undefined) {
      if (strict) throw new CudaGanError('CUDA_GAN_FILE', `${join(folder, file.path)} cannot be decoded: ${reason}`);
      skipped.push({ path: file.path, reason });
    } else {
      const { height, width, data } = pixels;
      if (first === undefined) requireRoom(files.files.length, pixels, format);
      first ??= { path: file.path, height, width };
      requireSameSize(folder, first, { path: file.path, height, width });
      await sink(data);
      labels.push(file.label);
    }
    done++;
    await onProgress?.({ done, files: files.files.length });
  }
  if (first === undefined) {
    const [{ path, reason }] = skipped as [SkippedFile];
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      `none of the ${files.files.length} images in ${folder} can be decoded; of ${path}: ${reason}`,
    );
  }
  const shape = [labels.length, first.height, first.width, format.channels];
  return { shape, ...withoutEmptyClasses(labels, files.classes, skipped) };
}

type Decoded =
  | { readonly file: ImageFile; readonly pixels: Pixels; readonly reason?: never }
  | { readonly file: ImageFile; readonly pixels?: never; readonly reason: string };

async function tryDecode(sharp: Sharp, folder: string, file: ImageFile, format: PixelFormat): Promise<Decoded> {
  const path = join(folder, file.path);
  try {
    return { file, pixels: await decodeImage(sharp, await readBytes(path), format) };
  } catch (error) {
    const { message, cause } = error as Error;
    return { file, reason: firstReason(isOfSystem(cause) ? reasonOf(cause, path) : message) };
  }
}

/** Of an error of sharp's, whose message may have a line for each of several libraries, and one that says nothing. */
function firstReason(message: string): string {
  const lines = message.split('\n').map((line) => line.trim().replace(/:$/, ''));
  return lines.find((line) => line !== '' && !line.startsWith('Warning treated as error')) ?? 'its data is damaged';
}

type Size = Pick<Pixels, 'height' | 'width'>;

function requireRoom(count: number, { height, width }: Size, { channels }: PixelFormat): void {
  const bytes = count * height * width * channels;
  if (bytes <= constants.MAX_LENGTH) return;
  throw new CudaGanError(
    'CUDA_GAN_NO_MEMORY',
    `the images have ${bytes} bytes, and an array of Node.js ${process.version} at most ${constants.MAX_LENGTH}; choose a smaller size, or a newer Node.js`,
  );
}

interface Sized extends Size {
  readonly path: string;
}

function requireSameSize(folder: string, first: Sized, other: Sized): void {
  if (first.height === other.height && first.width === other.width) return;
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `images in ${folder} differ in size: ${first.path} has ${first.height} x ${first.width} pixels, ${other.path} ${other.height} x ${other.width}; give a size to bring all to: the option size, on the command line --image-size`,
  );
}

/** Numbers the classes anew without those of which no image could be decoded. */
function withoutEmptyClasses(
  labels: readonly number[],
  classes: readonly string[] | undefined,
  skipped: readonly SkippedFile[],
): Omit<ImageRecord, 'shape'> {
  if (classes === undefined) return { labels: Int32Array.from(labels), classes, skipped };
  const used = new Set(labels);
  const kept = [...classes.keys()].filter((label) => used.has(label));
  const numbers = new Map(kept.map((label, number) => [label, number]));
  const empty = classes.filter((_, label) => !used.has(label));
  return {
    labels: Int32Array.from(labels, (label) => numbers.get(label)!),
    classes: kept.map((label) => classes[label]!),
    skipped: [...skipped, ...empty.map((path) => ({ path, reason: 'none of its images can be decoded' }))],
  };
}
