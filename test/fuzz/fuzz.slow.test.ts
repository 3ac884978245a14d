// Damaged files of every format are read, or refused by an error with a code, in bounded time and memory. `npm run fuzz -- --files
// 1000000` reads more of them.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const files = 20_000;
const hours = 3 * 3_600_000;

test(
  `${files} of each format`,
  async () => {
    const run = promisify(execFile)(process.execPath, [join(__dirname, 'run.mjs'), '--files', String(files)]);
    const rows = (await run).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.length).toBeGreaterThan(1);
    for (const { read, refused } of rows) {
      expect(read + refused).toBe(files);
      expect(Math.min(read, refused)).toBeGreaterThan(files / 100);
    }
  },
  hours,
);
