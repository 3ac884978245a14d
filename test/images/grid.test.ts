// Images side by side: where they are, how bright they are, and the PNG file of it all.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PNG } from 'pngjs';
import { drawGrid, type GridOptions, saveGrid } from '../../lib/images/grid';
import { encodePng, type Picture } from '../../lib/images/png';
import { type Tensor, tensor } from '../../lib/tensor';
import { junk, onlyCodedErrors } from '../support/junk';

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

  test('leaves out the images that have no place', () => {
    expect(drawGrid(plain(0, 1, 1), { rows: 1, columns: 1 })).toEqual(drawGrid(plain(0), { rows: 1, columns: 1 }));
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

  test('shows uint8 as it is', () => {
    const picture = drawGrid(tensor(Uint8Array.of(0, 7, 255), [1, 1, 3, 1]), { rows: 1, columns: 1, scale: 1 });
    expect([0, 1, 2].map((x) => pixel(picture, gap + x, gap)[0])).toEqual([0, 7, 255]);
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

describe('what cannot be drawn is an error with a code', () => {
  test.each<[string, () => unknown, string, string]>([
    [
      'no rows',
      () => drawGrid(plain(0), { rows: 0 }),
      'CUDA_GAN_VALUE',
      'rows is 0; allowed are whole numbers from 1 on',
    ],
    [
      'half a scale',
      () => drawGrid(plain(0), { scale: 0.5 }),
      'CUDA_GAN_VALUE',
      'scale is 0.5; allowed are whole numbers from 1 on',
    ],
    [
      'an unknown option',
      () => drawGrid(plain(0), { cols: 2 } as GridOptions),
      'CUDA_GAN_VALUE',
      'saveGrid: unknown option "cols"; allowed are rows, columns, scale',
    ],
    [
      'no tensor',
      () => drawGrid([[1]] as unknown as Tensor<Float32Array>),
      'CUDA_GAN_DATA',
      'images is not a tensor; make one by tensor(data, shape)',
    ],
    [
      'a picture that is too large',
      () => drawGrid(plain(0), { rows: 10_000, columns: 10_000 }),
      'CUDA_GAN_VALUE',
      '10000 x 10000 images of 2 x 3 at scale 3 make 120006 x 150006 pixels; allowed are 268435456 in all',
    ],
  ])('%s', (_, draw, code, message) => {
    expect(draw).toThrow(expect.objectContaining({ code, message }));
  });

  test('whatever it is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'images-'));
    const path = junk.filter((value) => typeof value !== 'string'); // which would be the name of a file
    // Larger numbers are right, and would take more time than a test has.
    const options = junk.filter((value) => !(typeof value === 'number' && value > 64));
    await fc.assert(
      fc.asyncProperty(
        path,
        junk,
        options,
        fc.constantFrom('rows', 'columns', 'scale'),
        async (path, images, value, name) => {
          for (const call of [
            () => saveGrid(path as string, plain(0)),
            () => saveGrid(join(folder, 'grid.png'), images as Tensor<Float32Array>),
            () => saveGrid(join(folder, 'grid.png'), plain(0), value as GridOptions),
            () => saveGrid(join(folder, 'grid.png'), plain(0), { [name]: value }),
          ]) {
            await onlyCodedErrors(call);
          }
        },
      ),
    );
    await rm(folder, { recursive: true });
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
