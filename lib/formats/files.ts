// Files as users expect them: written whole or not at all, and errors that say which file and why.
import { constants, existsSync, promises, statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CudaGanError } from '../errors.js';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EBUSY: 'it is in use',
  EROFS: 'the file system is read-only',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a file of that name is in the way',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many open files',
};

/** A file-system error as a CudaGanError. */
export function fileError(action: string, path: string, cause: unknown): CudaGanError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const reason = reasons[wrongKind(code, path) ?? code] ?? message;
  return new CudaGanError('CUDA_GAN_FILE', `cannot ${action} ${path}: ${reason}`, { cause });
}

/** Windows reports a folder in a file's place as EPERM, and a file in a folder's place as ENOENT. */
function wrongKind(code: string, path: string): string | undefined {
  if (code === 'EPERM' && isFolder(path)) return 'EISDIR';
  if (code !== 'ENOENT') return undefined;
  const above = dirname(resolve(path));
  return existsSync(above) && !isFolder(above) ? 'ENOTDIR' : undefined;
}

const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory();

/** @throws CudaGanError `CUDA_GAN_FILE` */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await promises.readFile(path);
  } catch (error) {
    throw fileError('read', path, error);
  }
}

/**
 * Replaces the file at `path` by `data`, or leaves it as it was: writes beside it, flushes, and renames.
 * @throws CudaGanError `CUDA_GAN_FILE`
 */
export async function writeFileAtomic(path: string, data: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = await promises.open(temporary, 'w');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await promises.rename(temporary, path);
  } catch (error) {
    await promises.rm(temporary, { force: true }).catch(() => undefined);
    throw fileError('write', path, error);
  }
}

/**
 * Creates a folder and those above it. Node 20's own recursive `mkdir` never returns where a folder exists and refuses new ones with
 * ENOENT, as /proc does.
 */
async function makeFolder(path: string): Promise<void> {
  try {
    await promises.mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await promises.stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || (await exists(dirname(path)))) throw error;
    await makeFolder(dirname(path));
    await promises.mkdir(path);
  }
}

const exists = (path: string) =>
  promises.stat(path).then(
    () => true,
    () => false,
  );

/** Creates a folder and those above it, and checks that files can be created in it. @throws CudaGanError `CUDA_GAN_FILE` */
export async function ensureFolder(path: string): Promise<void> {
  try {
    await makeFolder(resolve(path));
    await promises.access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileError('write into the folder', path, error);
  }
}

/** Writes one JSON object per line. */
export class JsonLinesWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  #lines = '';

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** Starts an empty file. @throws CudaGanError `CUDA_GAN_FILE` */
  static async open(path: string): Promise<JsonLinesWriter> {
    try {
      return new JsonLinesWriter(path, await promises.open(path, 'w'));
    } catch (error) {
      throw fileError('write', path, error);
    }
  }

  /** Adds a line, to be written at the next `flush`. */
  append(object: object): void {
    this.#lines += `${JSON.stringify(object)}\n`;
  }

  /** Writes the lines so far. @throws CudaGanError `CUDA_GAN_FILE` */
  async flush(): Promise<void> {
    const lines = this.#lines;
    this.#lines = '';
    if (lines === '') return;
    try {
      await this.#file.writeFile(lines);
    } catch (error) {
      throw fileError('write', this.#path, error);
    }
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }
}
