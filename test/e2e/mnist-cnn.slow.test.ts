// Convolutional networks learn from real data: the example's CNN tells the digits of MNIST's test set apart.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

test('the example of a CNN is right on 99.3 % of the test set', async () => {
  // A folder of its own, so that what the example writes goes there.
  const folder = await mkdtemp(join(tmpdir(), 'cnn-'));
  try {
    await symlink(resolve('node_modules'), join(folder, 'node_modules'));
    const { stdout } = await promisify(execFile)(process.execPath, [resolve('examples/classify-mnist-cnn.mjs')], {
      cwd: folder,
    });
    const [, accuracy] = /accuracy ([\d.]+) %/.exec(stdout)!;
    expect(Number(accuracy)).toBeGreaterThanOrEqual(99.3);
  } finally {
    await rm(folder, { recursive: true });
  }
});
