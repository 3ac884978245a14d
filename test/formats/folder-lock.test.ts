// A folder is for one training at a time, among all processes; one that is dead is in nobody's way.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { FolderLock, isLockedHere, requireUnlocked } from '../../lib/formats/folder-lock';
import { scratchFolder } from '../gan/scratch';
import { error } from '../support/errors';
import { testOnLinux } from '../support/platform';

const lockIn = (folder: string) => join(folder, 'run.lock');

/** A lock as another process would have left it. */
function left(folder: string, change: object): void {
  writeFileSync(lockIn(folder), JSON.stringify({ ...JSON.parse(readFileSync(lockIn(folder), 'utf8')), ...change }));
}

async function lockedFolder(): Promise<string> {
  const folder = scratchFolder();
  await FolderLock.take(folder);
  return folder;
}

test('a lock is a file, which is gone when it is released', async () => {
  const folder = scratchFolder();
  const lock = await FolderLock.take(folder);
  expect(readdirSync(folder)).toEqual(['run.lock']);
  expect(isLockedHere(folder)).toBe(true);
  lock.release();
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
  expect(isLockedHere(folder)).toBe(false);
  await requireUnlocked(folder);
});

test('a folder that this process has is refused, by a message that says so', async () => {
  const folder = await lockedFolder();
  const busy = error('CUDA_GAN_BUSY', `${folder} is in use by this process: two trainings in one folder would destroy`);
  await expect(FolderLock.take(folder)).rejects.toThrow(busy);
  await expect(requireUnlocked(folder)).rejects.toThrow(busy);
});

test('of many that want a folder at once, one has it', async () => {
  const folder = await lockedFolder();
  left(folder, { process: deadProcess() });
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => FolderLock.take(folder)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a folder that another process has is refused with its number, until that is killed', async () => {
  const folder = await lockedFolder();
  const other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
  try {
    left(folder, { process: other.pid, started: undefined });
    await expect(FolderLock.take(folder)).rejects.toThrow(
      error('CUDA_GAN_BUSY', `${folder} is in use by process ${other.pid}: `),
    );
  } finally {
    other.kill('SIGKILL');
    await once(other, 'exit');
  }
  (await FolderLock.take(folder)).release();
  expect(existsSync(lockIn(folder))).toBe(false);
});

testOnLinux('a process that has got the number of a dead one is not taken for it', async () => {
  const folder = await lockedFolder();
  left(folder, { started: 'another boot 17' });
  await FolderLock.take(folder);
});

test('a process of another machine counts as alive; the message says what to do', async () => {
  const folder = await lockedFolder();
  left(folder, { process: deadProcess(), host: `not-${hostname()}` });
  await expect(FolderLock.take(folder)).rejects.toThrow(
    error(
      'CUDA_GAN_BUSY',
      ` on not-${hostname()}: two trainings in one folder would destroy each other's files. Wait `,
    ),
  );
  await expect(FolderLock.take(folder)).rejects.toThrow(
    error('CUDA_GAN_BUSY', `if no training uses the folder, remove ${lockIn(folder)}`),
  );
});

test('a copy of a folder is free, and its lock does not free the folder', async () => {
  const folder = scratchFolder();
  const lock = await FolderLock.take(folder);
  const copy = scratchFolder();
  cpSync(folder, copy, { recursive: true });
  (await FolderLock.take(copy)).release();
  await expect(FolderLock.take(folder)).rejects.toThrow(error('CUDA_GAN_BUSY', folder));
  lock.release();
});

test.each([[''], ['{"process":'], ['null'], ['[]'], ['{"process":"x"}']])(
  'a lock that says %j was never finished, and is taken over',
  async (text) => {
    const folder = scratchFolder();
    writeFileSync(lockIn(folder), text);
    (await FolderLock.take(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  },
);

test('a lock that somebody else has put in the place of one is left to him', async () => {
  const folder = scratchFolder();
  const lock = await FolderLock.take(folder);
  left(folder, { id: 'other' });
  lock.release();
  expect(readFileSync(lockIn(folder), 'utf8')).toContain('"id":"other"');
});

test('what is in the way is an error that names it', async () => {
  const folder = scratchFolder();
  const missing = join(folder, 'missing');
  await expect(FolderLock.take(missing)).rejects.toThrow(
    error('CUDA_GAN_FILE', `cannot write ${lockIn(missing)}: no `),
  );
  mkdirSync(lockIn(folder));
  await expect(FolderLock.take(folder)).rejects.toThrow(error('CUDA_GAN_FILE', `${lockIn(folder)}: it is a folder`));
});

/** The number of a process that has ended. */
function deadProcess(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}
