// The files of a run that another is to replace: back unless that has begun.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { bringBack, setAside } from '../../lib/runs/set-aside';
import { scratchFolder } from '../gan/scratch';

/** A folder with files of a run, and one that is none of its business. */
function runFolder(): string {
  const folder = scratchFolder();
  for (const name of ['images', 'checkpoints']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'vae.safetensors'), 'old');
  writeFileSync(join(folder, 'images/mnist_1.png'), 'old');
  writeFileSync(join(folder, 'checkpoints/checkpoint-000000007.safetensors'), 'old');
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  writeFileSync(join(folder, 'images/mine.png'), 'mine');
  return folder;
}

const contents = (folder: string) =>
  (readdirSync(folder, { recursive: true, withFileTypes: true }) as import('node:fs').Dirent[])
    .filter((entry) => entry.isFile())
    .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')])
    .sort();

test('they are there again, without what the other has written', async () => {
  const folder = runFolder();
  const before = contents(folder);
  const { restore } = await setAside(folder);
  expect(contents(folder).map(([name]) => name)).toEqual(expect.arrayContaining(['mine.png', 'notes.txt']));
  expect(existsSync(join(folder, 'vae.safetensors'))).toBe(false);
  writeFileSync(join(folder, 'run.json'), 'new');
  writeFileSync(join(folder, 'vae.safetensors'), 'new');
  await restore();
  expect(contents(folder)).toEqual(before);
  expect(readdirSync(folder)).not.toContain('.replaced');
});

test('they are gone when the other has begun, and stay so', async () => {
  const folder = runFolder();
  const { discard, restore } = await setAside(folder);
  writeFileSync(join(folder, 'vae.safetensors'), 'new');
  await discard();
  await restore();
  expect(contents(folder)).toEqual([
    ['mine.png', 'mine'],
    ['notes.txt', 'mine'],
    ['vae.safetensors', 'new'],
  ]);
});

test.each([
  ['has not begun', [], 'old'],
  ['has begun', ['checkpoints/checkpoint-000000000.safetensors'], 'new'],
])('after a process was killed they are those of the run that counts: the new one %s', async (_, files, wanted) => {
  const folder = runFolder();
  await setAside(folder);
  writeFileSync(join(folder, 'vae.safetensors'), 'new');
  for (const file of files) writeFileSync(join(folder, file), 'new');
  await bringBack(folder);
  expect(readFileSync(join(folder, 'vae.safetensors'), 'utf8')).toBe(wanted);
  expect(readdirSync(folder)).not.toContain('.replaced');
});
