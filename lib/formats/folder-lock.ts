// A lock on a folder that a training writes into: a file there that names the process. It holds among all processes of one
// machine, and is as good as gone when its process is.
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CudaGanError } from '../errors.js';
import { fileError, temporaryBeside } from './files.js';

/** Its name in the folder. */
export const lockFile = 'run.lock';

/** What the file says. */
interface Owner {
  readonly process: number;
  readonly host: string;
  /** When the process was started, so that a later one of the same number is told from it; undefined where nobody knows. */
  readonly started?: string | undefined;
  /** Number of the folder in its file system: the lock that a copy of the folder has got locks nothing. */
  readonly folder: string;
  /** Of this lock. */
  readonly id: string;
}

/** How long a lock may be there before its owner is written into it. */
const writingMilliseconds = 250;

export class FolderLock {
  readonly #path: string;
  readonly #text: string;

  private constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
  }

  /**
   * Locks a folder that is there. A lock that a dead process of this machine has left is taken over.
   * @throws CudaGanError `CUDA_GAN_BUSY` when another training has it, of this process or another; `CUDA_GAN_FILE` when it
   * cannot be written to.
   */
  static async take(folder: string): Promise<FolderLock> {
    const path = join(folder, lockFile);
    const text = JSON.stringify(ownerHere(folder, path));
    while (!create(path, text)) {
      const found = await readLock(path);
      if (found === undefined) continue;
      requireAbandoned(folder, path, found);
      remove(path, found);
    }
    return new FolderLock(path, text);
  }

  /** Gives the folder free. Whatever is in the way of that must not be the end of what was trained. */
  release(): void {
    try {
      remove(this.#path, this.#text);
    } catch {}
  }
}

/** @throws CudaGanError `CUDA_GAN_BUSY` when a training has the folder. */
export async function requireUnlocked(folder: string): Promise<void> {
  const path = join(folder, lockFile);
  const found = await readLock(path);
  if (found !== undefined) requireAbandoned(folder, path, found);
}

/** Whether a training of this process has the folder. */
export function isLockedHere(folder: string): boolean {
  const path = join(folder, lockFile);
  const owner = ownerIn(textOf(path) ?? '');
  return owner !== undefined && owner.process === process.pid && isHeld(owner, folder, path);
}

/** Makes the file, at once with its content as far as this process is concerned; false when there is one. */
function create(path: string, text: string): boolean {
  try {
    const file = openSync(path, 'wx');
    try {
      writeFileSync(file, text);
    } finally {
      closeSync(file);
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fileError('write', path, error);
  }
}

/** What a lock says; undefined when there is none. Waits for one that is being written. */
async function readLock(path: string): Promise<string | undefined> {
  const text = textOf(path);
  if (text === undefined || ownerIn(text) !== undefined) return text;
  await wait(writingMilliseconds);
  return textOf(path);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError('read', path, error);
  }
}

/** Undefined for a lock whose process was killed while it wrote it. */
function ownerIn(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Owner;
    if (Number.isSafeInteger(owner.process) && typeof owner.host === 'string') return owner;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  return undefined;
}

/**
 * Removes the lock that says `text`. Under another name first: if another process has put its own there meanwhile, that goes
 * back.
 */
function remove(path: string, text: string): void {
  if (textOf(path) !== text) return;
  const aside = temporaryBeside(path);
  try {
    renameSync(path, aside);
    if (textOf(aside) === text) rmSync(aside, { force: true });
    else renameSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileError('write', path, error);
  }
}

function requireAbandoned(folder: string, path: string, text: string): void {
  const owner = ownerIn(text);
  if (owner === undefined || !isHeld(owner, folder, path)) return;
  const there = owner.host === hostname() ? '' : ` on ${owner.host}`;
  const who = owner.process === process.pid && there === '' ? 'this process' : `process ${owner.process}${there}`;
  throw new CudaGanError(
    'CUDA_GAN_BUSY',
    `${folder} is in use by ${who}: two trainings in one folder would destroy each other's files. Wait for it to end; if no training uses the folder, remove ${path}`,
  );
}

/** Of processes on other machines nobody here knows whether they live. */
function isHeld(owner: Owner, folder: string, path: string): boolean {
  if (owner.host !== hostname()) return true;
  return owner.folder === numberOf(folder, path) && isRunning(owner);
}

function isRunning(owner: Owner): boolean {
  try {
    process.kill(owner.process, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const found = startOf(owner.process);
  if (found === undefined) return true;
  return found !== ended && (owner.started === undefined || found === owner.started);
}

/** Of a process that was killed, whose parent does not care. */
const ended = 'ended';

/**
 * When a process was started, as Linux tells it: in ticks since this boot; `ended` for one that is a zombie. Undefined on
 * other systems, and where others' processes are hidden.
 */
function startOf(number: number): string | undefined {
  try {
    // Behind the command in brackets, which may hold anything: the state is the third field, the start the 22nd.
    const fields = readFileSync(`/proc/${number}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return ended;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

function ownerHere(folder: string, path: string): Owner {
  return {
    process: process.pid,
    host: hostname(),
    started: startOf(process.pid),
    folder: numberOf(folder, path),
    id: crypto.randomUUID(),
  };
}

function numberOf(folder: string, path: string): string {
  try {
    return String(statSync(folder, { bigint: true }).ino);
  } catch (error) {
    throw fileError('write', path, error);
  }
}
