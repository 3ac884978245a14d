// Images side by side: where they are, how bright they are, and the PNG file of it all.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PNG } from 'pngjs';
import type { ErrorCode } from '../../lib/errors';
import { drawGrid, type GridOptions, saveGrid } from '../../lib/images/grid';
import { encodePng, type Picture } from '../../lib/images/png';
import { type Tensor, tensor } from '../../lib/tensor';
import { error } from '../support/errors';
import { codedOrResult, junk } from '../support/junk';

type Images = Tensor<Float32Array>;

const gap = 6;
const pixel = ({ width, channels, pixels }: Picture, x: number, y: number) => [
  ...pixels.subarray(channels * (y * width + x), channels * (y * width + x + 1)),
];

/** `count` images of 2 rows and 3 columns in one brightness each. */
const plain = (...values: number[]) =>
  tensor(Float32Array.from(values.flatMap((value) => Array.from({ length: 6 }, () => value))), [
    values.length,
    2,
    3,
    1,
  ]);

describe('a grid', () => {
  test('is as large as its images, times the scale, and the gaps around them', () => {
    const { width, height, channels, pixels } = drawGrid(plain(0), { rows: 2, columns: 4, scale: 5 });
    expect([width, height]).toEqual([4 * (3 * 5 + gap) + gap, 2 * (2 * 5 + gap) + gap]);
    expect(channels).toBe(1);
    expect(pixels).toHaveLength(width * height);
  });

  test('has five rows of five images in threefold size by default', () => {
    const { width, height } = drawGrid(plain(0));
    expect([width, height]).toEqual([5 * (9 + gap) + gap, 5 * (6 + gap) + gap]);
  });

  test('goes row by row, white around the images and where there are none', () => {
    const picture = drawGrid(plain(-1, -0.6, -0.2), { rows: 2, columns: 2, scale: 1 });
    const [cellWidth, cellHeight] = [3 + gap, 2 + gap];
    for (let y = 0; y < picture.height; y++) {
      for (let x = 0; x < picture.width; x++) {
        const [column, row] = [Math.floor((x - gap) / cellWidth), Math.floor((y - gap) / cellHeight)];
        const inside = x >= gap && y >= gap && (x - gap) % cellWidth < 3 && (y - gap) % cellHeight < 2;
        const wanted = inside ? [0, 51, 102, 255][2 * row + column]! : 255;
        expect(pixel(picture, x, y)).toEqual([wanted]);
      }
    }
  });

  test('refuses more images than it has places for, and NaN', () => {
    expect(() => drawGrid(plain(0, 1, 1, 0), { rows: 1, columns: 3 })).toThrow(
      error('CUDA_GAN_VALUE', '4 images do not fit into 1 rows of 3; give rows and columns that they fit into'),
    );
    expect(() => drawGrid(plain(0, Number.NaN))).toThrow(error('CUDA_GAN_DATA', 'images contain NaN at index '));
  });

  test('makes a square of every pixel', () => {
    const images = tensor(Float32Array.of(-1, 1, 1, -1), [1, 2, 2, 1]);
    const picture = drawGrid(images, { rows: 1, columns: 1, scale: 2 });
    const rows = [0, 1, 2, 3].map((y) => [0, 1, 2, 3].map((x) => pixel(picture, gap + x, gap + y)[0]));
    expect(rows).toEqual([
      [0, 0, 255, 255],
      [0, 0, 255, 255],
      [255, 255, 0, 0],
      [255, 255, 0, 0],
    ]);
  });

  test('shows three channels as red, green and blue', () => {
    const images = tensor(Float32Array.of(1, -1, -0.2), [1, 1, 1, 3]);
    expect(pixel(drawGrid(images, { rows: 1, columns: 1, scale: 1 }), gap, gap)).toEqual([255, 0, 102]);
  });

  test.each([
    [-1, 0],
    [0, 128],
    [1, 255],
    [-3, 0],
    [7, 255],
    [Number.NEGATIVE_INFINITY, 0],
    [Number.POSITIVE_INFINITY, 255],
  ])('shows %d as %d', (value, brightness) => {
    expect(pixel(drawGrid(plain(value)), gap, gap)).toEqual([brightness]);
  });

  test('shows four channels as red, green, blue and alpha, opaque around the images', () => {
    const picture = drawGrid(tensor(Float32Array.of(1, -1, -0.2, 0.2), [1, 1, 1, 4]), {
      rows: 1,
      columns: 1,
      scale: 1,
    });
    expect(picture.channels).toBe(4);
    expect(pixel(picture, gap, gap)).toEqual([255, 0, 102, 153]);
    expect(pixel(picture, 0, 0)).toEqual([255, 255, 255, 255]);
  });

  test('shows any other number of channels side by side, each in grey', () => {
    const count = fc.constantFrom(2, 5, 6);
    const size = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(fc.tuple(fc.integer({ min: 1, max: 4 }), size, size, count, size), ([n, h, w, channels, scale]) => {
        const data = Float32Array.from({ length: n * h * w * channels }, (_, i) => Math.sin(i));
        const picture = drawGrid(tensor(data, [n, h, w, channels]), { rows: 2, columns: 2, scale });
        // As one grey image, in which each row has the channels' rows one after the other.
        const index = (i: number, y: number, x: number) => ((i * h + y) * w + (x % w)) * channels + Math.floor(x / w);
        const rows = Array.from({ length: n * h * w * channels }, (_, at) => {
          const [x, y] = [at % (w * channels), Math.floor(at / (w * channels))];
          return data[index(Math.floor(y / h), y % h, x)]!;
        });
        const grey = tensor(Float32Array.from(rows), [n, h, w * channels, 1]);
        expect(picture).toEqual(drawGrid(grey, { rows: 2, columns: 2, scale }));
      }),
    );
  });

  test('takes images without the axis of channels as grey', () => {
    const { data } = plain(-1, 0, 1);
    expect(drawGrid(tensor(data, [3, 2, 3]))).toEqual(drawGrid(tensor(data, [3, 2, 3, 1])));
  });

  test.each([[[2, 3]], [[1, 2, 3, 2, 1]], [[6]]])('of a tensor of shape %j is an error', (shape) => {
    const images = tensor(new Float32Array(shape.reduce((product, dimension) => product * dimension, 1)), shape);
    expect(() => drawGrid(images)).toThrow(
      expect.objectContaining({
        code: 'CUDA_GAN_SHAPE',
        message: `images have shape [${shape.join(', ')}]; wanted is [n, height, width, channels] or [n, height, width]`,
      }),
    );
  });
});

describe('a grid cannot be drawn', () => {
  const images = plain(0);

  test.each<[unknown, unknown, ErrorCode, string]>([
    [[1, 2], {}, 'CUDA_GAN_DATA', 'images is not a tensor; make one by tensor(data, shape)'],
    [null, {}, 'CUDA_GAN_DATA', 'images is not a tensor'],
    [{ ...images, shape: [7, 2, 3, 1] }, {}, 'CUDA_GAN_SHAPE', 'shape [7, 2, 3, 1] holds 42 elements'],
    [tensor(new Uint8Array(6), [1, 2, 3, 1]), {}, 'CUDA_GAN_DATA', 'images hold uint8; wanted is a Float32Array of -1'],
    [images, null, 'CUDA_GAN_VALUE', 'options is null; allowed are objects'],
    [images, { rows: 0 }, 'CUDA_GAN_VALUE', 'rows is 0; allowed are whole numbers from 1 on'],
    [images, { columns: '5' }, 'CUDA_GAN_VALUE', 'columns is "5"; allowed are whole numbers from 1 on'],
    [images, { scale: 2n }, 'CUDA_GAN_VALUE', 'scale is 2n; allowed are whole numbers from 1 on'],
    [images, { rows: 2 ** 20, columns: 2 ** 20 }, 'CUDA_GAN_VALUE', 'allowed is 1 GiB'],
  ])('of %p with %p', (images, options, code, message) => {
    expect(() => drawGrid(images as Images, options as GridOptions)).toThrow(error(code, message));
  });

  test('of any junk, which never fails in another way', async () => {
    const fine = fc.constant(plain(0));
    const options = fc.oneof(junk, fc.record({ rows: junk, columns: junk, scale: junk }, { requiredKeys: [] }));
    const noPath = junk.filter((value) => typeof value !== 'string');
    await fc.assert(
      fc.asyncProperty(fc.oneof(junk, fine), options, noPath, async (images, options, path) => {
        codedOrResult(() => drawGrid(images as Images, options as GridOptions));
        await expect(saveGrid(path as string, images as Images, options as GridOptions)).rejects.toEqual(
          expect.objectContaining({ name: 'CudaGanError' }),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('a PNG file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'images-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const decoded = (bytes: Uint8Array): Picture => {
    const { width, height, color, data } = PNG.sync.read(Buffer.from(bytes));
    const alpha = bytes[25] === 6;
    const channels = alpha ? 4 : color ? 3 : 1;
    return { width, height, channels, pixels: Uint8Array.from(data.filter((_, i) => i % 4 < channels)) };
  };

  test('has the pixels that were drawn, grey or not', async () => {
    const pictures = fc
      .record({
        width: fc.integer({ min: 1, max: 9 }),
        height: fc.integer({ min: 1, max: 9 }),
        channels: fc.constantFrom(1 as const, 3 as const, 4 as const),
        before: fc.nat(5),
      })
      .chain(({ width, height, channels, before }) => {
        const count = channels * width * height;
        return fc
          .uint8Array({ minLength: before + count, maxLength: before + count })
          .map((bytes) => ({ width, height, channels, pixels: bytes.subarray(before) }));
      });
    await fc.assert(
      fc.asyncProperty(pictures, async (picture) => {
        expect(decoded(await encodePng(picture))).toEqual(picture);
      }),
    );
  });

  test('is saved whole', async () => {
    const path = join(folder, 'grid.png');
    await saveGrid(path, plain(-1, 0, 1), { rows: 1, columns: 3 });
    expect(decoded(await readFile(path))).toEqual(drawGrid(plain(-1, 0, 1), { rows: 1, columns: 3 }));
  });

  test('that cannot be written is an error', async () => {
    const path = join(folder, 'missing', 'grid.png');
    await expect(saveGrid(path, plain(0))).rejects.toMatchObject({
      code: 'CUDA_GAN_FILE',
      message: `cannot write ${path}: no such file or folder`,
    });
  });
});

test('draws the range that it is given from black to white', () => {
  const images = tensor(Float32Array.of(0, 0.2, 1, 2), [1, 1, 4, 1]);
  const inside = (picture: ReturnType<typeof drawGrid>) => {
    const begin = 6 * picture.width + 6;
    return Array.from(picture.pixels.subarray(begin, begin + 4));
  };
  const one = { rows: 1, columns: 1, scale: 1 };
  expect(inside(drawGrid(images, { ...one, range: [0, 1] }))).toEqual([0, 51, 255, 255]);
  expect(inside(drawGrid(images, one))).toEqual([128, 153, 255, 255]);
  expect(() => drawGrid(images, { ...one, range: [1, 0] })).toThrow(
    error('CUDA_GAN_VALUE', 'range is [1, 0]; allowed'),
  );
});
