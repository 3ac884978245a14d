// Movies: an independent decoder finds the frames that were drawn.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PNG } from 'pngjs';
import UPNG from 'upng-js';
import { drawGrid } from '../../lib/images/grid';
import { encodePng, type Picture } from '../../lib/images/png';
import { type Chunk, decodeChunks, encodeChunks } from '../../lib/images/png-chunks';
import { type MovieFrames, type MovieOptions, saveGrid, saveMovie, type Tensor, tensor } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { error } from '../support/errors';
import { junk, onlyCodedErrors } from '../support/junk';

const folder = scratchFolder();
const movieFile = join(folder, 'movie.png');
const one = { rows: 1, columns: 1, scale: 1 };

/** `count` random images of `shape`. */
function images(count: number, shape: number[]): Tensor<Float32Array> {
  const size = shape.reduce((product, dimension) => product * dimension, count);
  return tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(7 * i)),
    [count, ...shape],
  );
}

/** Each frame as RGBA bytes. */
function decoded(path: string) {
  const movie = UPNG.decode(new Uint8Array(readFileSync(path)).buffer);
  return {
    frames: UPNG.toRGBA8(movie).map((rgba) => [...new Uint8Array(rgba)]),
    control: movie.tabs.acTL,
  };
}

function rgbaOf({ channels, pixels }: Picture): number[] {
  const grey = channels === 1;
  return Array.from({ length: pixels.length / channels }, (_, i) => {
    const [r, g = r, b = r, a = 255] = pixels.subarray(i * channels, (i + 1) * channels);
    return grey ? [r!, r!, r!, 255] : [r!, g!, b!, a];
  }).flat();
}

async function pngFile(name: string, found: Tensor<Float32Array>, options = one): Promise<string> {
  const path = join(folder, name);
  await saveGrid(path, found, options);
  return path;
}

describe('a movie', () => {
  const kinds = fc.record({
    count: fc.integer({ min: 1, max: 6 }),
    height: fc.integer({ min: 1, max: 5 }),
    width: fc.integer({ min: 1, max: 5 }),
    channels: fc.constantFrom(1, 3, 4),
    rows: fc.integer({ min: 1, max: 2 }),
    columns: fc.integer({ min: 1, max: 2 }),
    scale: fc.integer({ min: 1, max: 2 }),
  });

  test('shows the images of a tensor, a grid at a time', async () => {
    await fc.assert(
      fc.asyncProperty(kinds, async ({ count, height, width, channels, ...grid }) => {
        const all = images(count, [height, width, channels]);
        await saveMovie(movieFile, all, grid);
        const perFrame = grid.rows * grid.columns;
        const length = all.data.length / count;
        const wanted = Array.from({ length: Math.ceil(count / perFrame) }, (_, i) => {
          const data = all.data.slice(i * perFrame * length, (i + 1) * perFrame * length);
          return rgbaOf(drawGrid(tensor(data, [data.length / length, height, width, channels]), grid));
        });
        const { frames, control } = decoded(movieFile);
        expect(frames).toEqual(wanted);
        expect(control).toEqual({ num_frames: wanted.length, num_plays: 0 });
      }),
      { numRuns: 50 },
    );
  });

  test('shows a list of tensors and PNG files one after the other, also one that is made on the way', async () => {
    const [a, b, c] = [1, 2, 3].map((i) => tensor(Float32Array.of(i / 4, -i / 4), [1, 1, 2, 1]));
    const list: MovieFrames[] = [a!, await pngFile('b.png', b!), c!];
    const wanted = [a!, b!, c!].map((found) => rgbaOf(drawGrid(found, one)));
    await saveMovie(movieFile, list, one);
    expect(decoded(movieFile).frames).toEqual(wanted);
    await saveMovie(movieFile, new Set(list), one);
    expect(decoded(movieFile).frames).toEqual(wanted);
    async function* later() {
      for (const item of list) yield item;
    }
    await saveMovie(movieFile, later(), one);
    expect(decoded(movieFile).frames).toEqual(wanted);
  });

  test('takes PNG files whose data is in several chunks', async () => {
    const files = [images(1, [6, 7, 3]), images(1, [6, 7, 3])].map(async (found, i) => {
      const chunks = await decodeChunks('picture', await encodePng(drawGrid(found, one)));
      const split = chunks.flatMap(({ type, data }): Chunk[] =>
        type === 'IDAT'
          ? [0, 5, 11].map((begin, j, all) => ({ type, data: data.subarray(begin, all[j + 1]) }))
          : [{ type, data }],
      );
      const path = join(folder, `split-${i}.png`);
      writeFileSync(path, await encodeChunks(split));
      return path;
    });
    await saveMovie(movieFile, await Promise.all(files));
    const wanted = rgbaOf(drawGrid(images(1, [6, 7, 3]), one));
    expect(decoded(movieFile).frames).toEqual([wanted, wanted]);
  });

  test('numbers its chunks in order, as decoders may require', async () => {
    await saveMovie(movieFile, images(3, [2, 2]), one);
    const chunks = await decodeChunks('movie', readFileSync(movieFile));
    const types = ['IHDR', 'acTL', 'fcTL', 'IDAT', 'fcTL', 'fdAT', 'fcTL', 'fdAT', 'IEND'];
    expect(chunks.map(({ type }) => type)).toEqual(types);
    const numbered = chunks.filter(({ type }) => type === 'fcTL' || type === 'fdAT');
    expect(numbered.map(({ data }) => Buffer.from(data).readUInt32BE())).toEqual([0, 1, 2, 3, 4]);
  });

  test('is its first frame to what knows no animations', async () => {
    await saveMovie(movieFile, images(3, [4, 5, 4]), one);
    const { data } = PNG.sync.read(readFileSync(movieFile));
    const first = images(3, [4, 5, 4]);
    expect([...data]).toEqual(rgbaOf(drawGrid(tensor(first.data.slice(0, 80), [1, 4, 5, 4]), one)));
  });

  test.each<[MovieOptions, number[]]>([
    [{}, [100, 100, 100]],
    [{ fps: 30 }, [33, 33, 33]],
    [{ fps: 0.1, holdSeconds: 60 }, [10000, 10000, 60000]],
    [{ fps: 60, holdSeconds: 0 }, [17, 17, 0]],
    [{ holdSeconds: 2.5 }, [100, 100, 2500]],
  ])('with %p shows its frames for so many milliseconds: %p', async (options, milliseconds) => {
    await saveMovie(movieFile, images(3, [2, 2]), { ...one, ...options });
    const chunks = await decodeChunks('movie', readFileSync(movieFile));
    const delays = chunks.flatMap(({ type, data }) => {
      const control = Buffer.from(data);
      return type === 'fcTL' ? [(1000 * control.readUInt16BE(20)) / control.readUInt16BE(22)] : [];
    });
    expect(delays).toEqual(milliseconds);
  });
});

describe('no movie is made', () => {
  const small = images(1, [2, 2, 1]);
  const drawn = (found: Tensor<Float32Array>, options = one) => encodePng(drawGrid(found, options));
  const save = (frames: unknown, options: object = one) =>
    saveMovie(join(folder, 'none.png'), frames as Tensor<Float32Array>, options);

  test.each<[string, unknown, string, string]>([
    ['nothing', [], 'CUDA_GAN_DATA', 'there are no frames to make a movie of'],
    ['a tensor of nothing', tensor(new Float32Array(0), [0, 2, 2]), 'CUDA_GAN_DATA', 'there are no frames'],
    ['a path alone', 'a.png', 'CUDA_GAN_DATA', 'frames is "a.png"; allowed are tensors, and lists of tensors and of'],
    ['no list', undefined, 'CUDA_GAN_DATA', 'frames is undefined; allowed are tensors'],
    ['numbers', [3], 'CUDA_GAN_DATA', 'images is not a tensor'],
    ['vectors', tensor([[1, 2]]), 'CUDA_GAN_SHAPE', 'images have shape [1, 2]; wanted is [n, height, width'],
    ['a missing file', [join(folder, 'gone.png')], 'CUDA_GAN_FILE', 'gone.png: no such file or folder'],
  ])('of %s', async (_, frames, code, message) => {
    await expect(save(frames)).rejects.toThrow(error(code as never, message));
  });

  test.each<[object, string]>([
    [{ fps: 0 }, 'fps is 0; allowed are numbers from 0.1 to 60'],
    [{ fps: '9' }, 'fps is "9"; allowed are numbers from 0.1 to 60'],
    [{ holdSeconds: -1 }, 'holdSeconds is -1; allowed are numbers from 0 to 60'],
    [{ rows: 0 }, 'rows is 0; allowed are whole numbers from 1 on'],
    [{ speed: 2 }, 'saveMovie: unknown option "speed"'],
  ])('with %p', async (options, message) => {
    await expect(save(small, options)).rejects.toThrow(error('CUDA_GAN_VALUE', message));
  });

  test('of pictures of two sizes or kinds, and says which and how they differ', async () => {
    const paths = [await pngFile('small.png', small), await pngFile('wide.png', images(1, [2, 3, 1]))];
    const [grey, wide] = [`${paths[0]} is 14 x 14 pixels, 8 bits grey`, `${paths[1]} is 15 x 14 pixels, 8 bits grey`];
    await expect(save(paths)).rejects.toThrow(
      error('CUDA_GAN_SHAPE', `${grey}, but ${wide}: the frames of a movie are of one size and type`),
    );
    await expect(save([paths[0], images(1, [2, 2, 3])])).rejects.toThrow(
      error('CUDA_GAN_SHAPE', `${grey}, but drawn frame 0 is 14 x 14 pixels, 8 bits RGB`),
    );
  });

  test('of a file that is cut off anywhere, or has a wrong byte anywhere', async () => {
    const whole = await drawn(small);
    const path = join(folder, 'damaged.png');
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      const reason = length < 8 ? 'is no PNG file' : `is truncated: it ends after ${length} bytes`;
      await expect(save([path])).rejects.toThrow(error('CUDA_GAN_FILE', `${path} ${reason}`));
    }
    for (let at = 0; at < whole.length; at++) {
      writeFileSync(
        path,
        whole.map((byte, i) => (i === at ? byte ^ 1 : byte)),
      );
      await expect(save([path])).rejects.toThrow(error('CUDA_GAN_FILE', path));
    }
  });

  test('of a PNG file without a picture, without a header, or with a palette', async () => {
    const chunks = await decodeChunks('picture', await drawn(small));
    const [header] = chunks as [Chunk];
    const paletted = { ...header, data: header.data.map((byte, i) => (i === 9 ? 3 : byte)) };
    for (const [changed, message] of [
      [chunks.filter(({ type }) => type !== 'IDAT'), 'is damaged: it holds no picture'],
      [chunks.slice(1), 'is damaged: its first chunk is no header'],
      [[paletted, ...chunks.slice(1)], 'is a PNG file with a palette; the frames of a movie are grey or RGB'],
    ] as const) {
      const path = join(folder, 'other.png');
      writeFileSync(path, await encodeChunks(changed));
      await expect(save([path])).rejects.toThrow(error('CUDA_GAN_FILE', `${path} ${message}`));
    }
  });

  test('where it cannot be written', async () => {
    const path = join(folder, 'missing', 'movie.png');
    await expect(saveMovie(path, small)).rejects.toThrow(
      error('CUDA_GAN_FILE', `cannot write ${path}: no such file or folder`),
    );
  });

  test('of junk, which never fails in another way', async () => {
    const frames = fc.oneof(junk, fc.array(junk, { maxLength: 2 }));
    await fc.assert(
      fc.asyncProperty(frames, junk, async (found, path) => {
        await onlyCodedErrors(() => save(found));
        if (typeof path !== 'string') await onlyCodedErrors(() => saveMovie(path as string, small));
      }),
    );
  });
});
