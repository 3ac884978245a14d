// Damaged files of every format are read, or refused by an error with a code, in bounded time and memory. `npm run fuzz -- --files
// 1000000` reads more of them.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const files = 20_000;
const hour = 3_600_000;
const formats = ['safetensors', 'keras', 'h5', 'hdf5', 'onnx', 'tfjs', 'npy', 'npz', 'idx', 'png', 'jpeg', 'webp'];

test.each(formats)(
  `${files} damaged files: %s`,
  async (format) => {
    const options = ['--files', String(files), '--format', format];
    const { stdout } = await promisify(execFile)(process.execPath, [join(__dirname, 'run.mjs'), ...options]);
    const { read, refused } = JSON.parse(stdout);
    expect(read + refused).toBe(files);
    expect(Math.min(read, refused)).toBeGreaterThan(files / 100);
  },
  hour,
);
