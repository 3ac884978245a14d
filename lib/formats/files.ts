// Files as users expect them: written whole or not at all, and errors that say which file and why.
import { constants, createReadStream, existsSync, promises, rmSync, type Stats, statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { types } from 'node:util';
import { inWords } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { createTypedArray } from '../tensor.js';

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
  EFBIG: 'it is too large for the file system',
  EMFILE: 'too many open files',
};

/** A file-system error as a CudaGanError. */
export function fileError(action: string, path: string, cause: unknown): CudaGanError {
  return new CudaGanError('CUDA_GAN_FILE', `cannot ${action} ${path}: ${reasonOf(cause, path)}`, { cause });
}

/** Why a call of the file system failed, in words. */
export function reasonOf(cause: unknown, path: string): string {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return reasons[wrongKind(code, path) ?? code] ?? message;
}

/** Windows reports a folder in a file's place as EPERM, and a file in a folder's place as ENOENT. */
function wrongKind(code: string, path: string): string | undefined {
  if (code === 'EPERM' && isFolder(path)) return 'EISDIR';
  if (code !== 'ENOENT') return undefined;
  const above = dirname(resolve(path));
  return existsSync(above) && !isFolder(above) ? 'ENOTDIR' : undefined;
}

const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory();

/** Callers without types may hand over anything. @throws CudaGanError `CUDA_GAN_VALUE` */
export function requirePath(path: string): string {
  if (typeof path === 'string') return path;
  throw new CudaGanError('CUDA_GAN_VALUE', `the path is ${inWords(path)}; wanted is a text`);
}

/** Devices such as /dev/zero have no end. @throws CudaGanError `CUDA_GAN_FILE` */
function requireEnd(path: string, found: Stats): void {
  if (!found.isCharacterDevice() && !found.isBlockDevice()) return;
  throw new CudaGanError('CUDA_GAN_FILE', `cannot read ${path}: it is a device; a file or a pipe is wanted`);
}

/**
 * To open a pipe waits for who writes into it, and cannot be interrupted.
 * @throws CudaGanError `CUDA_GAN_FILE` for what is no file, saying why there must be one.
 */
export async function requireFile(path: string, why: string): Promise<void> {
  const found = await promises.stat(requirePath(path)).catch((error: unknown) => {
    throw fileError('read', path, error);
  });
  if (found.isFile()) return;
  const kind = found.isDirectory()
    ? 'a folder'
    : found.isFIFO()
      ? 'a pipe'
      : found.isSocket()
        ? 'a socket'
        : 'a device';
  throw new CudaGanError('CUDA_GAN_FILE', `cannot read ${path}: it is ${kind}, and ${why}`);
}

/** Where a file is to be written at last, its folder is looked for at first. @throws CudaGanError `CUDA_GAN_FILE` */
export async function requireFolderOf(path: string): Promise<void> {
  await promises.access(dirname(requirePath(path))).catch((error: unknown) => {
    throw fileError('write', path, error);
  });
}

/** A system call reads less than 2 GiB. */
const defaultPieceBytes = 2 ** 26;

/** A file whose bytes are read where they are wanted, in pieces. */
export class InputFile {
  readonly path: string;
  /** In bytes; undefined for what can only be read from begin to end, such as a pipe. */
  readonly size: number | undefined;
  readonly #handle: FileHandle;
  readonly #pieceBytes: number;

  private constructor(path: string, size: number | undefined, handle: FileHandle, pieceBytes: number) {
    this.path = path;
    this.size = size;
    this.#handle = handle;
    this.#pieceBytes = pieceBytes;
  }

  /** Opens a file, and closes it when `use` is done with it. @throws CudaGanError `CUDA_GAN_FILE` */
  static async with<Result>(
    path: string,
    use: (file: InputFile) => Promise<Result>,
    pieceBytes = defaultPieceBytes,
  ): Promise<Result> {
    requirePath(path);
    try {
      const handle = await promises.open(path);
      try {
        const found = await handle.stat();
        requireEnd(path, found);
        return await use(new InputFile(path, found.isFile() ? found.size : undefined, handle, pieceBytes));
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw error instanceof CudaGanError ? error : fileError('read', path, error);
    }
  }

  /** Fills `target` with the bytes from `position` on. */
  async read(target: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < target.length; ) {
      const piece = target.subarray(done, done + this.#pieceBytes);
      const { bytesRead } = await this.#handle.read(piece, 0, piece.length, position + done);
      if (bytesRead === 0) {
        throw new CudaGanError('CUDA_GAN_FILE', `cannot read ${this.path}: it became shorter meanwhile`);
      }
      done += bytesRead;
    }
  }

  async readAll(): Promise<Uint8Array> {
    if (this.size === undefined) return this.#handle.readFile();
    const bytes = createTypedArray('uint8', this.size);
    await this.read(bytes, 0);
    return bytes;
  }
}

/** The names in a folder; none where there is no such folder. @throws CudaGanError `CUDA_GAN_FILE` */
export async function listFolderIfThere(path: string): Promise<string[]> {
  try {
    return await promises.readdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fileError('read the folder', path, error);
  }
}

/** The names in a folder. @throws CudaGanError `CUDA_GAN_FILE` */
export async function listFolder(path: string): Promise<string[]> {
  try {
    return await promises.readdir(path);
  } catch (error) {
    throw fileError('read the folder', path, error);
  }
}

/** @throws CudaGanError `CUDA_GAN_FILE` */
export async function readBytes(path: string): Promise<Uint8Array> {
  return InputFile.with(path, (file) => file.readAll());
}

/**
 * Replaces the file at `path` by `data`, or leaves it as it was. Leave `data` as it is until the promise resolves.
 * @throws CudaGanError `CUDA_GAN_FILE`, also when `data` ends in an error; else as `replaceFile`.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array | Iterable<Uint8Array>): Promise<void> {
  await replaceFile(path, async (file) => {
    try {
      if (typeof data === 'string') await file.writeFile(data);
      else await writePieces(file, types.isUint8Array(data) ? [data] : data);
    } catch (error) {
      throw fileError('write', path, error);
    }
  });
}

/** What is written goes on to the disk while the next piece is written, so that little is left for the flush at the end. */
async function writePieces(file: FileHandle, parts: Iterable<Uint8Array>): Promise<void> {
  const pieceBytes = 2 ** 23;
  let unflushed = 0;
  for (const part of parts) {
    for (let begin = 0; begin < part.length; begin += pieceBytes) {
      const piece = part.subarray(begin, begin + pieceBytes);
      const full = unflushed >= pieceBytes;
      await Promise.all([file.writeFile(piece), full && file.datasync()]);
      unflushed = piece.length + (full ? 0 : unflushed);
    }
  }
}

/**
 * Replaces the file at `path` by what `write` writes, or leaves it as it was: that goes into a file beside it, which is
 * flushed and renamed. A link stays, and the file that it leads to is replaced.
 * @throws CudaGanError `CUDA_GAN_FILE`, also for a device or a pipe, which a file would take the place of; any that `write` throws.
 */
export async function replaceFile(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const target = await beyondLinks(requirePath(path));
  const temporary = temporaryBeside(target);
  if (unfinished.size === 0) process.on('exit', removeUnfinished);
  unfinished.add(temporary);
  try {
    const file = await promises.open(temporary, 'w');
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await promises.rename(temporary, target);
  } catch (error) {
    await promises.rm(temporary, { force: true }).catch(() => undefined);
    throw isOfSystem(error) ? fileError('write', path, error) : error;
  } finally {
    unfinished.delete(temporary);
    if (unfinished.size === 0) process.off('exit', removeUnfinished);
  }
}

/** Files that are being written, of which a process that ends meanwhile leaves nothing. */
const unfinished = new Set<string>();

function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
}

/** A name of its own for each of several writes at once, and no longer than file systems allow. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${crypto.randomUUID()}.tmp`);
}

/** Whether an error is Node's, such as of a call of the file system: those have codes. */
export function isOfSystem(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && !(error instanceof CudaGanError);
}

/** The path of what is there, or `path` where nothing is. */
async function beyondLinks(path: string): Promise<string> {
  const found = await promises.stat(path).catch(() => undefined);
  if (found === undefined) return path;
  if (found.isFile() || found.isDirectory()) return promises.realpath(path);
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `cannot write ${path}: it is a device or a pipe; a file is wanted, or a new name`,
  );
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
  const folder = resolve(requirePath(path));
  try {
    await makeFolder(folder);
    await promises.access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileError('write into the folder', path, error);
  }
}

/** Brings the names of new files in a folder to the disk, where the system has a way to. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const folder = await promises.open(path);
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    throw fileError('write into the folder', path, error);
  }
}

/** Removes what `writeFileAtomic` has left in a folder in processes that were killed. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await listFolderIfThere(folder);
  const left = names.filter((name) => /^\.[0-9a-f-]{36}\.tmp$/.test(name));
  await Promise.all(left.map((name) => promises.rm(join(folder, name), { force: true })));
}

/** Cuts a file to its first `bytes`. @throws CudaGanError `CUDA_GAN_FILE` when it is missing, or shorter than that. */
export async function cutFile(path: string, bytes: number): Promise<void> {
  await requireLength(path, bytes);
  try {
    await promises.truncate(path, bytes);
  } catch (error) {
    throw fileError('write', path, error);
  }
}

async function requireLength(path: string, bytes: number): Promise<void> {
  const { size } = await promises.stat(path).catch((error: unknown) => {
    throw fileError('read', path, error);
  });
  if (size >= bytes) return;
  throw new CudaGanError('CUDA_GAN_FILE', `${path} has ${size} bytes; it had ${bytes} and was shortened since`);
}

/** Writes one JSON object per line. */
export class JsonLinesWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  #lines = '';
  #bytes: number;
  #begun = false;

  private constructor(path: string, file: FileHandle, bytes: number) {
    this.#path = path;
    this.#file = file;
    this.#bytes = bytes;
  }

  /**
   * Goes on behind the first `bytes` of a file, which is made where there is none. What it has behind them stays until
   * `begin`, or the first line that is flushed.
   * @throws CudaGanError `CUDA_GAN_FILE` when it cannot be written, or is shorter.
   */
  static async open(path: string, bytes = 0): Promise<JsonLinesWriter> {
    requirePath(path);
    if (bytes > 0) await requireLength(path, bytes);
    try {
      return new JsonLinesWriter(path, await promises.open(path, 'a'), bytes);
    } catch (error) {
      throw fileError('write', path, error);
    }
  }

  /** Cuts off what the file has behind the lines that it goes on from. @throws CudaGanError `CUDA_GAN_FILE` */
  async begin(): Promise<void> {
    if (this.#begun) return;
    try {
      const { size } = await this.#file.stat();
      if (size > this.#bytes) await this.#file.truncate(this.#bytes);
    } catch (error) {
      throw fileError('write', this.#path, error);
    }
    this.#begun = true;
  }

  /** Length of the file with all lines that were flushed. */
  get bytes(): number {
    return this.#bytes;
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
    await this.begin();
    try {
      await this.#file.writeFile(lines);
      this.#bytes += Buffer.byteLength(lines);
    } catch (error) {
      throw fileError('write', this.#path, error);
    }
  }

  /** Brings the lines that were flushed to the disk. @throws CudaGanError `CUDA_GAN_FILE` */
  async sync(): Promise<void> {
    try {
      await this.#file.datasync();
    } catch (error) {
      // A device or a pipe has nothing to bring to a disk.
      if ((error as NodeJS.ErrnoException).code === 'EINVAL') return;
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

/** The objects on the lines in the first `bytes` of a file. @throws CudaGanError `CUDA_GAN_FILE` when they are not there. */
export async function* readJsonLines(path: string, bytes: number): AsyncGenerator<unknown> {
  if (bytes === 0) return;
  try {
    const stream = createReadStream(path, { end: bytes - 1 });
    for await (const line of createInterface({ input: stream })) yield JSON.parse(line);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw fileError('read', path, error);
    throw new CudaGanError('CUDA_GAN_FILE', `${path} is damaged: a line is not JSON`, { cause: error });
  }
}
