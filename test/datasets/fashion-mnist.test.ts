// Fashion-MNIST from a folder of IDX files.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { fashionMnist } from '../../lib/datasets/fashion-mnist';
import { error } from '../support/errors';
import { idx } from '../support/idx';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fashion-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A folder of two images that are no MNIST's of any kind. */
async function writeFolder(prefix: 'train' | 't10k', suffix: '' | '.gz' = '', labels = idx([2])): Promise<void> {
  const pack = (bytes: Buffer) => (suffix === '' ? bytes : gzipSync(bytes));
  await writeFile(join(folder, `${prefix}-images-idx3-ubyte${suffix}`), pack(idx([2, 28, 28])));
  await writeFile(join(folder, `${prefix}-labels-idx1-ubyte${suffix}`), pack(labels));
}

test('has images, labels and the names of the clothes', async () => {
  await writeFolder('train');
  const { images, labels, classes } = await fashionMnist({ dataDir: folder });
  expect(images).toMatchObject({ shape: [2, 28, 28, 1], name: 'fashion-mnist' });
  expect([...images.data.subarray(0, 12)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
  expect(labels).toEqual({ shape: [2], data: Int32Array.of(0, 1) });
  expect(classes).toHaveLength(10);
  expect([classes[0], classes[9]]).toEqual(['T-shirt/top', 'Ankle boot']);
});

test('has a split to test with', async () => {
  await writeFolder('t10k');
  expect((await fashionMnist({ dataDir: folder, split: 'test' })).images.shape).toEqual([2, 28, 28, 1]);
  await expect(fashionMnist({ dataDir: folder })).rejects.toThrow(
    error('CUDA_GAN_FILE', `${folder} holds none of train-images-idx3-ubyte, `),
  );
});

test('is held to the checksums of its gzipped files, unless told otherwise', async () => {
  await writeFolder('train', '.gz');
  await expect(fashionMnist({ dataDir: folder })).rejects.toThrow(
    error('CUDA_GAN_FILE', "train-images-idx3-ubyte.gz is not Fashion-MNIST's: its MD5 checksum is "),
  );
  const { images } = await fashionMnist({ dataDir: folder, checksum: false });
  expect(images.shape).toEqual([2, 28, 28, 1]);
});

test('has no labels above 9', async () => {
  const labels = idx([2]);
  labels[9] = 10;
  await writeFolder('train', '', labels);
  await expect(fashionMnist({ dataDir: folder })).rejects.toThrow(
    error('CUDA_GAN_FILE', "train-labels-idx1-ubyte is not Fashion-MNIST's: label 1 is 10; allowed are 0 to 9"),
  );
});

test('needs a folder', async () => {
  await expect(fashionMnist({} as never)).rejects.toThrow(
    error('CUDA_GAN_VALUE', 'dataDir is undefined; allowed are texts that are not empty'),
  );
});
