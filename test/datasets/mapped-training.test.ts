// Training on a mapped file takes no memory for the data: Linux tells a process' own memory from pages of files, which it
// takes back when memory is short.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { testOnLinux } from '../support/platform';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mapped-'));
});
afterAll(() => rm(folder, { recursive: true }));

const dataMiB = 128;

/** MiB by which the own memory of a process grows that trains on so many MiB of images. */
async function growth(how: 'mapped' | 'array'): Promise<number> {
  const script = join(__dirname, 'mapped-training.mjs');
  const args = [script, join(folder, 'images'), String(dataMiB), how];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { steps, own } = JSON.parse(stdout);
  expect(steps).toBe(20);
  return own;
}

testOnLinux(
  'the own memory of a process that trains on a mapped file does not grow by the data; on an array it does',
  async () => {
    // The rest is what networks and the engine need, measured as some 5 MiB.
    expect(await growth('mapped')).toBeLessThan(dataMiB / 4);
    expect(await growth('array')).toBeGreaterThan(dataMiB / 2);
  },
);
