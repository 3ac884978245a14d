// Which images a folder holds, and what class each is of.
import { type Dirent, promises } from 'node:fs';
import { extname, join } from 'node:path';
import { CudaGanError } from '../errors.js';
import { fileError, reasonOf } from '../formats/files.js';

const extensions = ['.png', '.jpg', '.jpeg', '.webp'];

/** @internal */
export interface ImageFile {
  /** From the folder on, with `/` between its parts. */
  readonly path: string;
  readonly bytes: number;
  /** When it was changed, in milliseconds. */
  readonly modified: number;
  /** Place of its class in `classes`; 0 where there are none. */
  readonly label: number;
}

/** A file or folder that is left out. */
export interface SkippedFile {
  /** From the folder on, with `/` between its parts. */
  readonly path: string;
  /** Why it could not be decoded. */
  readonly reason: string;
}

/** How far the decoding of a folder is. */
export interface DecodingProgress {
  /** Files that were decoded or skipped. */
  readonly done: number;
  /** Files in all. */
  readonly files: number;
}

/** @internal */
export interface ImageFiles {
  readonly files: readonly ImageFile[];
  /** Names of sub-folders; undefined where the images have no classes. */
  readonly classes: readonly string[] | undefined;
  readonly skipped: readonly SkippedFile[];
}

type Found = Omit<ImageFile, 'label'>;

/**
 * Lists the images of a folder in the order of their paths. Sub-folders, with all that is in them, are classes, in the order
 * of their names: unless `labelled` is false, or undefined and there are none. Names that begin with a dot are left out.
 * @throws CudaGanError `CUDA_GAN_FILE` when the folder cannot be read; `CUDA_GAN_DATA` when it holds no images, or images
 * both beside and in sub-folders and `labelled` is undefined.
 * @internal
 */
export async function listImages(folder: string, labelled: boolean | undefined): Promise<ImageFiles> {
  const skipped: SkippedFile[] = [];
  const beside: Found[] = [];
  const groups: { readonly name: string; readonly images: readonly Found[] }[] = [];
  const one = new Set<string>();
  for (const entry of await entriesOf(folder)) {
    // A folder that is linked to from two classes belongs to both.
    const walk = { folder, skipped, seen: labelled === false ? one : new Set<string>() };
    const found = await imagesAt(walk, entry.name, entry);
    if (found.isFolder) groups.push({ name: entry.name, images: found.images });
    else beside.push(...found.images);
  }
  const filled = groups.filter(({ images }) => images.length > 0);
  if (labelled === undefined && beside.length > 0 && filled.length > 0) {
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      `${folder} holds images both beside and in sub-folders (${beside[0]!.path}, ${filled[0]!.images[0]!.path}): sub-folders are classes, so move the former into one, or take all without classes by the option labels: false`,
    );
  }
  const withClasses = labelled ?? filled.length > 0;
  if (withClasses) {
    for (const { name, images } of groups)
      if (images.length === 0) skipped.push({ path: name, reason: 'it holds no images' });
    for (const { path } of beside) skipped.push({ path, reason: 'it is in no sub-folder, which would be its class' });
  }
  const files = withClasses
    ? filled.flatMap(({ images }, label) => images.map((image) => ({ ...image, label })))
    : [...beside, ...filled.flatMap(({ images }) => images)].map((image) => ({ ...image, label: 0 }));
  if (files.length === 0) {
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      `${folder} holds no images${labelled === true ? ' in sub-folders' : ''}: wanted are files ending in ${extensions.join(', ')}`,
    );
  }
  return { files, classes: withClasses ? filled.map(({ name }) => name) : undefined, skipped };
}

interface Walk {
  readonly folder: string;
  /** Folders that were visited. */
  readonly seen: Set<string>;
  readonly skipped: SkippedFile[];
}

/** The images that `entry`, at `path`, is or holds. Links are followed, but into no folder twice: they may lead in circles. */
async function imagesAt(
  walk: Walk,
  path: string,
  entry: Dirent,
): Promise<{ readonly isFolder: boolean; readonly images: Found[] }> {
  const isImage = extensions.includes(extname(path).toLowerCase());
  if (entry.name.startsWith('.') || (entry.isFile() && !isImage)) return { isFolder: false, images: [] };
  const at = join(walk.folder, path);
  try {
    const found = await promises.stat(at);
    if (!found.isDirectory()) {
      const image = { path, bytes: found.size, modified: found.mtimeMs };
      return { isFolder: false, images: isImage && found.isFile() ? [image] : [] };
    }
    const identity = await promises.realpath(at);
    const images: Found[] = [];
    if (!walk.seen.has(identity)) {
      walk.seen.add(identity);
      for (const inner of await entriesOf(at)) {
        images.push(...(await imagesAt(walk, `${path}/${inner.name}`, inner)).images);
      }
    }
    return { isFolder: true, images };
  } catch (error) {
    const cause = error instanceof CudaGanError ? error.cause : error;
    walk.skipped.push({ path, reason: reasonOf(cause, at) });
    return { isFolder: false, images: [] };
  }
}

/** What a folder holds, by UTF-16 code units of the names: the same order in every place and language. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await promises.readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw fileError('read the folder', folder, error);
  }
}
