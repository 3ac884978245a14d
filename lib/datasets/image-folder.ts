// A folder of PNG, JPEG and WebP images as a data set.
import { promises } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { nonEmptyText, notAllowed, oneOfTwo, optionalFunction, trueOrFalse, wholeNumberIn } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { ensureFolder, listFolder, requirePath } from '../formats/files.js';
import { checkOptions, type OptionNames } from '../options.js';
import { createTypedArray, type NamedTensor, type OwnInt32Array, type OwnUint8Array, type Tensor } from '../tensor.js';
import { warn } from '../warnings.js';
import { type Decoding, decodeImages } from './decode-images.js';
import { type DecodedImages, openCache, requireCacheFile, writeCache } from './image-cache.js';
import type { PixelFormat } from './image-decoder.js';
import { type DecodingProgress, type ImageFiles, listImages, type SkippedFile } from './image-files.js';

/** What `imageFolder` takes beside the folder. */
export interface ImageFolderOptions {
  /** Pixels that images are brought to: the side of a square, or [height, width]. Default: all images must have one size. */
  readonly size?: number | readonly [height: number, width: number] | undefined;
  /**
   * How an image of other proportions is brought to `size`: `crop` fills it and cuts off what stands over on both sides,
   * `contain` shows the whole image on the background. Default `crop`.
   */
  readonly fit?: 'crop' | 'contain' | undefined;
  /** 1 grey, 3 RGB, 4 RGB and alpha. Default 3. */
  readonly channels?: 1 | 3 | 4 | undefined;
  /** Behind transparent pixels where there is no alpha, and around contained images: grey, or RGB, 0 to 255. Default 0. */
  readonly background?: number | readonly [red: number, green: number, blue: number] | undefined;
  /**
   * Whether sub-folders are classes. false takes all images without. Default: where there are images in sub-folders; then
   * there must be none beside them.
   */
  readonly labels?: boolean | undefined;
  /** Whether a file that cannot be decoded is an error. Default false: it is left out, and said in a warning. */
  readonly strict?: boolean | undefined;
  /**
   * File for the decoded images, which the next call takes as long as no image has changed; false keeps them in memory.
   * Default: a file in the folder `.cuda-gan` of the image folder, so that it is on the same disk and goes with it; in
   * memory where that cannot be written to.
   */
  readonly cache?: string | false | undefined;
  /** Called while images are decoded, after each of them. A promise that it returns is waited for. */
  readonly onProgress?: ((progress: DecodingProgress) => void | Promise<void>) | undefined;
}

const optionNames: OptionNames<ImageFolderOptions> = {
  size: true,
  fit: true,
  channels: true,
  background: true,
  labels: true,
  strict: true,
  cache: true,
  onProgress: true,
};

/** The images of a folder, decoded. */
export interface ImageFolder {
  /** Pixels [n, height, width, channels], in the order of the files' paths. Their name is the folder's. */
  readonly images: NamedTensor<OwnUint8Array>;
  /** Class numbers [n], places in `classes`; undefined where the images have no classes. */
  readonly labels: Tensor<OwnInt32Array> | undefined;
  /** Names of the sub-folders that have images, sorted; empty where the images have no classes. */
  readonly classes: readonly string[];
  /** What was left out, and why. */
  readonly skipped: readonly SkippedFile[];
}

const cacheFolder = '.cuda-gan';

/** How old the leavings of a process are that was killed. */
const staleMilliseconds = 3_600_000;

/**
 * Loads the PNG, JPEG and WebP images of a folder, decoded by the package `sharp`, which must be installed: turned as EXIF
 * says, scaled down by Lanczos' filter of three lobes and up by a bicubic one, as sRGB or grey of 8 bits; of an animation
 * the first picture. With sub-folders as classes it is a `LabelledImages`.
 *
 * Decoded images are kept in a file, whose pages are the array: images may be more than memory holds. A cpu device
 * trains on that file in place, so do not write to the array during a training, nor shorten the file. (On Windows it is
 * read whole. Node.js before 22 has arrays of at most 4 GiB.)
 * @throws CudaGanError
 *   `CUDA_GAN_VALUE` for a wrong option;
 *   `CUDA_GAN_FILE` when the folder cannot be read, `sharp` is not there, the file named by `cache` cannot be written or is none of decoded images, or, when
 *   `strict`, an image cannot be decoded;
 *   `CUDA_GAN_DATA` when there are no images, or they differ in size and `size` is not given;
 *   `CUDA_GAN_NO_MEMORY` for more images than an array holds.
 */
export async function imageFolder(folder: string, options?: ImageFolderOptions): Promise<ImageFolder> {
  const given = checkOptions('datasets.imageFolder', options, optionNames);
  const { labels, strict = false, cache, onProgress } = given;
  const format = formatOf(given);
  if (labels !== undefined) trueOrFalse('labels', labels);
  trueOrFalse('strict', strict);
  if (cache !== undefined && cache !== false) nonEmptyText('cache', cache);
  optionalFunction('onProgress', onProgress);
  const files = await listImages(requirePath(folder), labels);
  if (strict) requireNone(folder, files.skipped);
  const { shape, pixels, ...decoded } = await loadDecoded({ folder, files, format, strict, onProgress }, cache);
  const skipped = [...files.skipped, ...decoded.skipped];
  if (strict) requireNone(folder, skipped);
  warnOfSkipped(folder, files, skipped);
  const name = nameOf(folder);
  return {
    images: { shape, data: pixels, ...(name !== undefined && { name }) },
    labels: decoded.classes && { shape: [shape[0]!], data: decoded.labels },
    classes: decoded.classes ?? [],
    skipped,
  };
}

function formatOf({ size, fit = 'crop', channels = 3, background = 0 }: ImageFolderOptions): PixelFormat {
  oneOfTwo('fit', fit, 'crop', 'contain');
  if (channels !== 1 && channels !== 3 && channels !== 4) throw notAllowed('channels', channels, '1, 3 and 4');
  const [r, g, b] = pairOrTriple('background', background, 3, 0, 255) as [number, number, number];
  const format = { fit, channels, background: { r, g, b } };
  if (size === undefined) return { ...format, size };
  const [height, width] = pairOrTriple('size', size, 2, 1, 65535) as [number, number];
  return { ...format, size: { height, width } };
}

/** A whole number for each of `count`, or one for all. */
function pairOrTriple(name: string, value: unknown, count: 2 | 3, least: number, most: number): readonly number[] {
  const numbers = typeof value === 'number' ? new Array<number>(count).fill(value) : value;
  if (!Array.isArray(numbers) || numbers.length !== count) {
    throw notAllowed(name, value, `whole numbers from ${least} to ${most}, and arrays of ${count} of them`);
  }
  return numbers.map((number) => wholeNumberIn(name, number, least, most));
}

/** From the cache, which is made where there is none. */
async function loadDecoded(decoding: Decoding, cache: string | false | undefined): Promise<DecodedImages> {
  if (cache === false) return decodeToMemory(decoding);
  const path = cache ?? (await defaultCache(decoding));
  const { files, classes } = decoding.files;
  const key = await sha256([decoding.format, files, classes]);
  const cached = await openCache(path, key);
  if (cached !== undefined) return cached;
  if (cache === undefined && !(await prepareFolder(dirname(path)))) return decodeToMemory(decoding);
  if (cache !== undefined) await requireCacheFile(cache);
  await writeCache(path, key, (sink) => decodeImages(decoding, sink));
  const written = await openCache(path, key);
  if (written !== undefined) return written;
  throw new CudaGanError('CUDA_GAN_FILE', `${path} was changed while it was written`);
}

/** A file for each format of the pixels. */
async function defaultCache({ folder, format }: Decoding): Promise<string> {
  const { size, fit, channels } = format;
  const dimensions = size === undefined ? 'own-size' : `${size.height}x${size.width}-${fit}`;
  return join(folder, cacheFolder, `${dimensions}-${channels}-${(await sha256(format)).slice(0, 8)}.safetensors`);
}

/** Whether there is a folder for caches that can be written to; a warning says why not. */
async function prepareFolder(caches: string): Promise<boolean> {
  try {
    await ensureFolder(caches);
  } catch (error) {
    const { message } = error as CudaGanError;
    warn('CUDA_GAN_CACHE', `${message}: decoded images are kept in memory; the option cache names another file`);
    return false;
  }
  await removeLeavings(caches);
  return true;
}

/** Files that a process was writing when it was killed. */
async function removeLeavings(caches: string): Promise<void> {
  for (const name of await listFolder(caches)) {
    if (!name.endsWith('.tmp')) continue;
    const path = join(caches, name);
    const found = await promises.stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > staleMilliseconds) await promises.rm(path, { force: true });
  }
}

async function decodeToMemory(decoding: Decoding): Promise<DecodedImages> {
  const { files } = decoding.files;
  let all: OwnUint8Array | undefined;
  let filled = 0;
  const record = await decodeImages(decoding, async (pixels) => {
    all ??= createTypedArray('uint8', files.length * pixels.length);
    all.set(pixels, filled);
    filled += pixels.length;
  });
  return { ...record, pixels: all!.subarray(0, filled) };
}

function requireNone(folder: string, [first]: readonly SkippedFile[]): void {
  if (first === undefined) return;
  throw new CudaGanError('CUDA_GAN_FILE', `${join(folder, first.path)} cannot be used: ${first.reason}`);
}

/** Says what was left out, by the first few. */
function warnOfSkipped(folder: string, { files }: ImageFiles, skipped: readonly SkippedFile[]): void {
  if (skipped.length === 0) return;
  const named = skipped.slice(0, 10).map(({ path, reason }) => `${path} (${reason})`);
  const more = skipped.length > named.length ? `, and ${skipped.length - named.length} more` : '';
  warn(
    'CUDA_GAN_SKIPPED',
    `${skipped.length} of ${files.length} images or folders in ${folder} were left out: ${named.join(', ')}${more}`,
  );
}

/** What may be part of file names. */
function nameOf(folder: string): string | undefined {
  const name = basename(resolve(folder))
    .replaceAll(/[^\w-]+/g, '-')
    .slice(0, 100);
  return /\w/.test(name) ? name : undefined;
}

/** Of a value that JSON can hold, in hexadecimal digits. */
async function sha256(value: unknown): Promise<string> {
  const { createHash } = await import('node:crypto'); // here, because it takes long to load
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
