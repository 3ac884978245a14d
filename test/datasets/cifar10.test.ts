// CIFAR-10's binary version from a folder.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cifar10 } from '../../lib/datasets/cifar10';
import { error } from '../support/errors';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cifar-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** An image with its label: pixel i of a plane is (i + shift) mod 256, the planes are shifted by 0, 1 and 2. */
function row(label: number): Buffer {
  const planes = [0, 1, 2].map((shift) => Buffer.from(Array.from({ length: 1024 }, (_, i) => (i + shift) % 256)));
  return Buffer.concat([Buffer.of(label), ...planes]);
}

async function writeBatches(to = folder): Promise<void> {
  for (let i = 1; i <= 5; i++) await writeFile(join(to, `data_batch_${i}.bin`), Buffer.concat([row(i), row(9)]));
  await writeFile(join(to, 'test_batch.bin'), row(7));
}

describe('the training images', () => {
  test('are those of the five batches, in their order, with interleaved channels', async () => {
    await writeBatches();
    const { images, labels, classes } = await cifar10({ dataDir: folder });
    expect(images).toMatchObject({ shape: [10, 32, 32, 3], name: 'cifar10' });
    expect(labels).toEqual({ shape: [10], data: Int32Array.of(1, 9, 2, 9, 3, 9, 4, 9, 5, 9) });
    for (const image of [0, 9]) {
      const pixels = images.data.subarray(image * 3072, (image + 1) * 3072);
      expect([...pixels.subarray(0, 6)]).toEqual([0, 1, 2, 1, 2, 3]);
      expect([...pixels.subarray(-3)]).toEqual([255, 0, 1]);
    }
    expect(classes).toHaveLength(10);
    expect([classes[0], classes[9]]).toEqual(['airplane', 'truck']);
  });

  test('are found in the folder that the official archive unpacks to', async () => {
    const official = join(folder, 'cifar-10-batches-bin');
    await mkdir(official);
    await writeBatches(official);
    expect((await cifar10({ dataDir: folder })).images.shape).toEqual([10, 32, 32, 3]);
    expect((await cifar10({ dataDir: official, split: 'test' })).labels.data).toEqual(Int32Array.of(7));
  });
});

describe('errors name', () => {
  test('the files that are missing', async () => {
    await writeBatches();
    await rm(join(folder, 'data_batch_4.bin'));
    await expect(cifar10({ dataDir: folder })).rejects.toThrow(
      error('CUDA_GAN_FILE', `${folder} lacks data_batch_4.bin of the binary version of CIFAR-10`),
    );
    await expect(cifar10({ dataDir: join(folder, 'none') })).rejects.toThrow(
      error('CUDA_GAN_FILE', 'no such file or folder'),
    );
  });

  test.each([0, 3072, 3074])('a file of %d bytes, which is no whole number of images', async (length) => {
    await writeBatches();
    await writeFile(join(folder, 'test_batch.bin'), Buffer.alloc(length));
    await expect(cifar10({ dataDir: folder, split: 'test' })).rejects.toThrow(
      error('CUDA_GAN_FILE', `test_batch.bin is not CIFAR-10's: it has ${length} bytes; wanted is a multiple of 3073`),
    );
  });

  test('a label above 9', async () => {
    await writeBatches();
    await writeFile(join(folder, 'test_batch.bin'), Buffer.concat([row(1), row(10)]));
    await expect(cifar10({ dataDir: folder, split: 'test' })).rejects.toThrow(
      error('CUDA_GAN_FILE', "test_batch.bin is not CIFAR-10's: label 1 is 10; allowed are 0 to 9"),
    );
  });

  test('a split that there is not', async () => {
    await expect(cifar10({ dataDir: folder, split: 'validation' as 'test' })).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'split is "validation"; allowed are train and test'),
    );
  });
});
