// A folder of images: which are taken, what becomes of their pixels, and what is left out.
import { constants } from 'node:buffer';
import { mkdirSync, promises, readFileSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { Sharp } from 'sharp';
import { type ImageFolderOptions, imageFolder } from '../../lib/datasets/image-folder';
import { mapFile } from '../../lib/devices/map-file';
import { error } from '../support/errors';
import { draw, noise } from '../support/images';
import { junk, onlyCodedErrors } from '../support/junk';
import { testNotOnWindows } from '../support/platform';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-'));
});
afterEach(() => rm(folder, { recursive: true }));

const [red, green, blue] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
] as const;

async function put(path: string, image: Sharp | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), image instanceof Uint8Array ? image : await image.toBuffer());
}

const load = (options?: ImageFolderOptions) => imageFolder(folder, { cache: false, ...options });

/** The pixels of image `i`. */
async function pixels(options?: ImageFolderOptions, i = 0): Promise<number[]> {
  const { images } = await load(options);
  const size = images.data.length / images.shape[0]!;
  return [...images.data.subarray(i * size, (i + 1) * size)];
}

/** What the process warns of: code and message. */
let warnings: string[];
beforeEach(() => {
  warnings = [];
  jest.spyOn(process, 'emitWarning').mockImplementation(((message: string, { code }: { code: string }) => {
    warnings.push(`${code}: ${message}`);
  }) as typeof process.emitWarning);
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('sub-folders', () => {
  test('are classes, in the order of their names, and images are in that of their paths', async () => {
    await put('cats/b.png', draw([2, 2, 2]).png());
    await put('cats/a.png', draw([1, 1, 1]).png());
    await put('birds/deep/er/c.png', draw([3, 3, 3]).png());
    await put('birds/Z.png', draw([4, 4, 4]).png());
    const { images, labels, classes, skipped } = await load();
    expect(images.shape).toEqual([4, 4, 4, 3]);
    expect([0, 1, 2, 3].map((i) => images.data[48 * i])).toEqual([4, 3, 1, 2]);
    expect(labels).toEqual({ shape: [4], data: Int32Array.of(0, 0, 1, 1) });
    expect(classes).toEqual(['birds', 'cats']);
    expect(skipped).toEqual([]);
  });

  test('are none in a flat folder, whose images have no labels', async () => {
    await put('b.png', draw([2, 2, 2]).png());
    await put('a.png', draw([1, 1, 1]).png());
    await mkdir(join(folder, 'notes'));
    const { images, labels, classes } = await load();
    expect([images.data[0], images.data[48]]).toEqual([1, 2]);
    expect(labels).toBeUndefined();
    expect(classes).toEqual([]);
  });

  test('may be read without classes', async () => {
    await put('cats/a.png', draw(red).png());
    await put('b.png', draw(green).png());
    expect(await load({ labels: false })).toMatchObject({
      images: { shape: [2, 4, 4, 3] },
      labels: undefined,
      classes: [],
    });
  });

  test('with images beside them are an error that says what to do', async () => {
    await put('cats/a.png', draw(red).png());
    await put('b.png', draw(green).png());
    await expect(load()).rejects.toThrow(
      error(
        'CUDA_GAN_DATA',
        `${folder} holds images both beside and in sub-folders (b.png, cats/a.png): sub-folders are classes`,
      ),
    );
    const { classes, skipped } = await load({ labels: true });
    expect(classes).toEqual(['cats']);
    expect(skipped).toEqual([{ path: 'b.png', reason: 'it is in no sub-folder, which would be its class' }]);
  });

  test('without images are left out, and said, and an error when strict', async () => {
    await put('cats/a.png', draw(red).png());
    await mkdir(join(folder, 'birds'));
    const { classes, skipped } = await load();
    expect(classes).toEqual(['cats']);
    expect(skipped).toEqual([{ path: 'birds', reason: 'it holds no images' }]);
    await expect(load({ strict: true })).rejects.toThrow(
      error('CUDA_GAN_FILE', `${join(folder, 'birds')} cannot be used: it holds no images`),
    );
  });

  test('of which no image can be decoded are left out, and the other classes have their own numbers', async () => {
    await put('a/x.png', Buffer.from('no image'));
    await put('b/y.png', draw(red).png());
    const { labels, classes, skipped } = await load();
    expect(classes).toEqual(['b']);
    expect(labels!.data).toEqual(Int32Array.of(0));
    expect(skipped.map(({ path }) => path)).toEqual(['a/x.png', 'a']);
  });
});

describe('files', () => {
  test('have any of the endings, in any case, and any name', async () => {
    for (const name of ['a b.PNG', 'ünï – 字.png', "it's.png", '%20#?.png', '-rf.png'])
      await put(name, draw(red).png());
    await put('photo.JPeG', draw(red).jpeg());
    await put('photo.jpg', draw(red).jpeg());
    await put('photo.webp', draw(red).webp());
    for (const name of ['notes.txt', '.hidden.png', 'Thumbs.db', '.git/a.png'])
      await put(name, Buffer.from('no image'));
    const { images, skipped } = await load();
    expect(images.shape[0]).toBe(8);
    expect(skipped).toEqual([]);
  });

  testNotOnWindows('and folders may be links, also such as lead around in circles', async () => {
    await put('cats/a.png', draw(red).png());
    symlinkSync(join(folder, 'cats'), join(folder, 'cats/again'));
    symlinkSync(folder, join(folder, 'cats/above'));
    symlinkSync(join(folder, 'cats/a.png'), join(folder, 'cats/b.png'));
    symlinkSync(join(folder, 'cats'), join(folder, 'dogs'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'cats/c.png'));
    const { images, classes, skipped } = await load();
    expect(classes).toEqual(['cats', 'dogs']);
    expect(images.shape[0]).toBe(4);
    expect(skipped.map(({ path }) => path)).toEqual(['cats/c.png', 'dogs/c.png']);
    expect(skipped[0]!.reason).toBe('no such file or folder');
  });

  test('give the data their name', async () => {
    await put('my photos, 2026/a.png', draw(red).png());
    expect((await imageFolder(join(folder, 'my photos, 2026'), { cache: false })).images.name).toBe('my-photos-2026');
  });

  test('that there are none of are an error', async () => {
    await expect(load()).rejects.toThrow(
      error('CUDA_GAN_DATA', `${folder} holds no images: wanted are files ending in .png, .jpg, .jpeg, .webp`),
    );
    await put('a.png', draw(red).png());
    await expect(load({ labels: true })).rejects.toThrow(error('CUDA_GAN_DATA', 'holds no images in sub-folders'));
    await expect(imageFolder(join(folder, 'none'))).rejects.toThrow(error('CUDA_GAN_FILE', 'no such file or folder'));
    await expect(imageFolder(join(folder, 'a.png'))).rejects.toThrow(error('CUDA_GAN_FILE', 'is not a folder'));
  });
});

describe('pixels', () => {
  const stripes = draw((_, x) => (x < 2 ? red : x < 6 ? green : blue), { height: 4, width: 8 }).png();

  test('are as they are in the file, where no size is given', async () => {
    await put('a.png', draw((y, x) => [10 * y, 20 * x, 7], { height: 2, width: 3 }).png());
    expect((await load()).images.shape).toEqual([1, 2, 3, 3]);
    expect(await pixels()).toEqual([0, 0, 7, 0, 20, 7, 0, 40, 7, 10, 0, 7, 10, 20, 7, 10, 40, 7]);
  });

  test('of an image that is too wide are cut off on both sides', async () => {
    await put('a.png', stripes);
    expect(await pixels({ size: 4 })).toEqual(new Array(16).fill(green).flat());
  });

  test('of an image that is too wide may be contained, on the background', async () => {
    await put('a.png', draw(red, { height: 2, width: 4 }).png());
    const found = await pixels({ size: 4, fit: 'contain', background: [1, 2, 3] });
    expect(found).toEqual(
      [...new Array(4).fill([1, 2, 3]), ...new Array(8).fill(red), ...new Array(4).fill([1, 2, 3])].flat(),
    );
  });

  test('fill a height and a width', async () => {
    await put('a.png', draw(red, { height: 9, width: 5 }).png());
    expect((await load({ size: [2, 6] })).images.shape).toEqual([1, 2, 6, 3]);
  });

  test('are scaled down without aliasing', async () => {
    await put(
      'a.png',
      draw((y, x) => ((x + y) % 2 === 0 ? [255, 255, 255] : [0, 0, 0]), { height: 64, width: 64 }).png(),
    );
    // A checkerboard is grey from afar; every second pixel of it is black or white.
    for (const value of await pixels({ size: 8 })) expect(Math.abs(value - 127.5)).toBeLessThan(8);
  });

  test('of one place become a whole image', async () => {
    await put('a.png', draw([9, 8, 7], { height: 1, width: 1 }).png());
    expect((await load()).images.shape).toEqual([1, 1, 1, 3]);
    expect(await pixels({ size: 2 })).toEqual([9, 8, 7, 9, 8, 7, 9, 8, 7, 9, 8, 7]);
  });

  test('are turned as EXIF says', async () => {
    const turned = draw((y) => (y === 0 ? red : blue), { height: 2, width: 4 }).withMetadata({ orientation: 6 });
    await put('a.png', turned.png());
    // Orientation 6: what is the top row of the file belongs to the right.
    expect((await load()).images.shape).toEqual([1, 4, 2, 3]);
    expect((await pixels()).slice(0, 6)).toEqual([...blue, ...red]);
  });

  test.each<[string, () => Sharp]>([
    ['grey', () => draw([128]).toColourspace('b-w').png()],
    ['grey of 16 bits', () => draw([128]).toColourspace('grey16').png()],
    ['RGB', () => draw([128, 128, 128]).png()],
    ['RGB of 16 bits', () => draw([128, 128, 128]).toColourspace('rgb16').png()],
    ['a palette', () => draw([128, 128, 128]).png({ palette: true })],
    ['RGB and alpha', () => draw([128, 128, 128, 255]).png()],
    ['grey and alpha', () => draw([128, 255]).toColourspace('b-w').png()],
    ['a lossless WebP', () => draw([128, 128, 128]).webp({ lossless: true })],
  ])('of %s become grey, RGB, or RGB and alpha', async (_, make) => {
    await put('a.png', make());
    expect((await pixels({ channels: 1 })).slice(0, 2)).toEqual([128, 128]);
    expect((await pixels({ channels: 3 })).slice(0, 3)).toEqual([128, 128, 128]);
    expect((await pixels({ channels: 4 })).slice(0, 4)).toEqual([128, 128, 128, 255]);
  });

  test('of a CMYK JPEG become RGB', async () => {
    await put('a.jpg', draw([200, 100, 50]).toColourspace('cmyk').jpeg({ quality: 100 }));
    const found = (await pixels()).slice(0, 3);
    // There and back through a colour profile of inks, which have not every colour.
    [200, 100, 50].forEach((wanted, i) => {
      expect(Math.abs(found[i]! - wanted)).toBeLessThan(40);
    });
    expect(found[0]).toBeGreaterThan(found[1]!);
    expect(found[1]).toBeGreaterThan(found[2]!);
  });

  test('that are transparent show the background, or keep their alpha', async () => {
    await put('a.png', draw([200, 100, 50, 0]).png());
    expect((await pixels()).slice(0, 3)).toEqual([0, 0, 0]);
    expect((await pixels({ background: 255 })).slice(0, 3)).toEqual([255, 255, 255]);
    expect((await pixels({ channels: 1, background: [40, 40, 40] })).slice(0, 1)).toEqual([40]);
    expect((await pixels({ channels: 4, background: 255 }))[3]).toBe(0);
  });

  test('of an animation are those of its first picture', async () => {
    const frames = Buffer.concat([Buffer.alloc(48, 10), Buffer.alloc(48, 200)]);
    const { default: sharp } = await import('sharp');
    const animation = sharp(frames, { raw: { height: 8, width: 4, channels: 3, pageHeight: 4 } });
    await put('a.webp', animation.webp({ lossless: true }));
    expect((await load()).images.shape).toEqual([1, 4, 4, 3]);
    expect((await pixels())[0]).toBe(10);
  });

  test('of images of several sizes need one, or are an error that names two of them', async () => {
    await put('a.png', draw(red).png());
    await put('b.jpg', draw(red, { height: 5, width: 9 }).jpeg());
    await expect(load()).rejects.toThrow(
      error('CUDA_GAN_DATA', `images in ${folder} differ in size: a.png has 4 x 4 pixels, b.jpg 5 x 9; give a size`),
    );
    expect((await load({ size: 3 })).images.shape).toEqual([2, 3, 3, 3]);
  });
});

(constants.MAX_LENGTH < 2 ** 33 ? test : test.skip)(
  'more images than an array holds (before Node.js 22) are an error',
  async () => {
    await put('a.png', draw(red).png());
    await expect(load({ size: 65535 })).rejects.toThrow(
      error(
        'CUDA_GAN_NO_MEMORY',
        `the images have 12884508675 bytes, and an array of Node.js ${process.version} at most`,
      ),
    );
    await expect(mapFile(longFile(join(folder, 'long')))).rejects.toThrow(
      error('CUDA_GAN_NO_MEMORY', 'long has 8589934592 bytes'),
    );
  },
);

/** A file of 8 GiB that takes no room on the disk. */
function longFile(path: string): string {
  writeFileSync(path, '');
  truncateSync(path, 2 ** 33);
  return path;
}

describe('a file that cannot be decoded', () => {
  const half = (bytes: Uint8Array) => bytes.subarray(0, bytes.length / 2);
  const damaged: Record<string, () => Promise<Uint8Array>> = {
    'empty.png': async () => Buffer.alloc(0),
    'text.jpg': async () => Buffer.from('this is no image'),
    'cut-off.jpg': async () => half(await noise().jpeg().toBuffer()),
    'cut-off.png': async () => half(await noise().png().toBuffer()),
    'cut-off.webp': async () => half(await noise().webp().toBuffer()),
    'begin.png': async () => (await noise().png().toBuffer()).subarray(0, 20),
    'vector.png': async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'),
    'other.png': () => draw(red).gif().toBuffer(),
    'wide.png': () => draw(red, { height: 1, width: 65_536 }).png().toBuffer(),
  };

  test.each(Object.entries(damaged))('%s is left out and named', async (name, make) => {
    await put(name, await make());
    await put('good.png', draw(red).png());
    const { images, skipped } = await load({ size: 4 });
    expect(images.shape[0]).toBe(1);
    expect(skipped).toEqual([{ path: name, reason: expect.stringMatching(/^[^\n]{5,200}$/) }]);
  });

  test('is one that would take gigabytes, however small it is', async () => {
    const header = await draw(red).png().toBuffer();
    header.writeUInt32BE(10_001, 16);
    header.writeUInt32BE(10_000, 20);
    header.writeUInt32BE(crc32(header.subarray(12, 29)), 29);
    await put('many.png', header);
    await put('wide.png', await damaged['wide.png']!());
    await put('good.png', draw(red).png());
    const allowed = 'allowed are sides of at most 65535, and 100000000 pixels in all';
    expect((await load({ size: 4 })).skipped).toEqual([
      { path: 'many.png', reason: `it has 10000 x 10001 pixels; ${allowed}` },
      { path: 'wide.png', reason: `it has 1 x 65536 pixels; ${allowed}` },
    ]);
  });

  test('is said in a warning, with the reason', async () => {
    await put('a/1.png', Buffer.alloc(0));
    await put('a/2.png', await damaged['other.png']!());
    await put('a/3.png', draw(red).png());
    await load();
    expect(warnings).toEqual([
      `CUDA_GAN_SKIPPED: 2 of 3 images or folders in ${folder} were left out: a/1.png (it is empty), a/2.png (it is of the kind gif; allowed are png, jpeg, webp)`,
    ]);
  });

  test('is an error when strict, by name', async () => {
    await put('a.png', draw(red).png());
    await put('b.png', Buffer.alloc(0));
    await expect(load({ strict: true })).rejects.toThrow(
      error('CUDA_GAN_FILE', `${join(folder, 'b.png')} cannot be decoded: it is empty`),
    );
  });

  test('is the end where there is no other', async () => {
    for (const [name, make] of Object.entries(damaged)) await put(name, await make());
    await expect(load({ size: 4 })).rejects.toThrow(
      error('CUDA_GAN_DATA', `none of the 9 images in ${folder} can be decoded; of begin.png: `),
    );
  });

  test('may be one that cannot be read', async () => {
    await put('a.png', draw(red).png());
    await put('b.png', draw(red).png());
    const { open } = promises;
    jest.spyOn(promises, 'open').mockImplementation((path, ...rest) => {
      if (path !== join(folder, 'b.png')) return open(path, ...rest);
      return Promise.reject(Object.assign(new Error('EACCES'), { code: 'EACCES' }));
    });
    expect((await load()).skipped).toEqual([{ path: 'b.png', reason: 'permission denied' }]);
  });

  test('does not change the order of the others', async () => {
    for (let i = 0; i < 40; i++)
      await put(`${String(i).padStart(2, '0')}.png`, i % 3 === 1 ? Buffer.alloc(0) : draw([i, i, i]).png());
    const { images } = await load();
    const found = Array.from({ length: images.shape[0]! }, (_, i) => images.data[48 * i]);
    expect(found).toEqual(Array.from({ length: 40 }, (_, i) => i).filter((i) => i % 3 !== 1));
  });
});

describe('the cache', () => {
  const caches = () => readdir(join(folder, '.cuda-gan'));
  beforeEach(async () => {
    await put('cats/a.png', draw(red).png());
    await put('dogs/b.png', draw(blue).png());
  });

  /** How many files are decoded by a call. */
  async function decodedBy(options: ImageFolderOptions = {}): Promise<number> {
    let decoded = 0;
    const onProgress = ({ done }: { done: number }) => {
      decoded = done;
    };
    await imageFolder(folder, { onProgress, ...options });
    return decoded;
  }

  test('has what was decoded, the next time', async () => {
    await put('dogs/c.png', Buffer.alloc(0));
    const first = await imageFolder(folder);
    expect(first.images.shape).toEqual([2, 4, 4, 3]);
    expect(await decodedBy()).toBe(0);
    expect(await imageFolder(folder)).toEqual(first);
    expect(first).toEqual(await load());
    expect(await caches()).toHaveLength(1);
  });

  test('is made anew when a file was added, removed or changed', async () => {
    expect(await decodedBy()).toBe(2);
    await put('cats/c.png', draw(green).png());
    expect(await decodedBy()).toBe(3);
    await rm(join(folder, 'cats/a.png'));
    expect(await decodedBy()).toBe(2);
    const path = join(folder, 'cats/c.png');
    utimesSync(path, new Date(), new Date(Date.now() + 5000));
    expect(await decodedBy()).toBe(2);
    expect(await decodedBy()).toBe(0);
    expect(await caches()).toHaveLength(1);
  });

  test('is one for each form of the pixels', async () => {
    expect(await decodedBy({ size: 2 })).toBe(2);
    expect(await decodedBy({ size: 3 })).toBe(2);
    expect(await decodedBy({ size: 2, channels: 1 })).toBe(2);
    expect(await decodedBy({ size: 2, background: 9 })).toBe(2);
    expect(await decodedBy({ size: 2 })).toBe(0);
    expect(await caches()).toHaveLength(4);
  });

  test('of images with classes is not that of images without', async () => {
    expect(await decodedBy()).toBe(2);
    expect((await imageFolder(folder, { labels: false })).labels).toBeUndefined();
    expect((await imageFolder(folder)).classes).toEqual(['cats', 'dogs']);
  });

  test('may be any file', async () => {
    const cache = join(folder, 'kept.bin');
    expect(await decodedBy({ cache })).toBe(2);
    expect(await decodedBy({ cache })).toBe(0);
    expect((await stat(cache)).isFile()).toBe(true);
    await expect(imageFolder(folder, { cache: join(folder, 'none', 'kept.bin') })).rejects.toThrow(
      error('CUDA_GAN_FILE', 'no such file or folder'),
    );
  });

  test('that is damaged is made anew', async () => {
    const pixels = (await imageFolder(folder)).images.data.slice();
    const cache = join(folder, '.cuda-gan', (await caches())[0]!);
    const good = new Uint8Array(await readFile(cache));
    const wreckers: ((bytes: Uint8Array) => Uint8Array)[] = [
      () => new Uint8Array(0),
      (bytes) => bytes.subarray(0, 100),
      (bytes) => bytes.subarray(0, -1),
      (bytes) => bytes.fill(0, 0, 8),
      (bytes) => bytes.fill(0x20, 8, 200),
      (bytes) => bytes.fill(0, bytes.length - 4),
      () => Buffer.from('{"something": "else"}'),
    ];
    for (const wreck of wreckers) {
      await rm(cache); // what is mapped must not become shorter
      writeFileSync(cache, wreck(good.slice()));
      expect((await imageFolder(folder)).images.data).toEqual(pixels);
    }
    await rm(cache);
    writeFileSync(cache, good);
    expect(await decodedBy()).toBe(0);
  });

  test('takes the place of an empty file, and of one of its own that is damaged', async () => {
    const cache = join(folder, 'kept.bin');
    writeFileSync(cache, '');
    expect(await decodedBy({ cache })).toBe(2);
    const good = new Uint8Array(await readFile(cache));
    await rm(cache); // what is mapped must not become shorter
    writeFileSync(cache, good.subarray(0, 200));
    expect(await decodedBy({ cache })).toBe(2);
  });

  test.each([['short'], ['x'.repeat(5000)], ['{"something": "else"}']])(
    'takes the place of nothing else: %.20s',
    async (text) => {
      const cache = join(folder, 'thesis.txt');
      writeFileSync(cache, text);
      await expect(imageFolder(folder, { cache })).rejects.toThrow(
        error('CUDA_GAN_FILE', `${cache} is there and holds no decoded images: it is not written over`),
      );
      expect(readFileSync(cache, 'utf8')).toBe(text);
    },
  );

  test('does not hide from strict what was left out', async () => {
    await put('dogs/c.png', Buffer.alloc(0));
    await imageFolder(folder);
    await expect(imageFolder(folder, { strict: true })).rejects.toThrow(
      error('CUDA_GAN_FILE', `${join(folder, 'dogs/c.png')} cannot be used: it is empty`),
    );
  });

  test('is not written when decoding fails', async () => {
    await put('dogs/c.png', Buffer.alloc(0));
    await expect(imageFolder(folder, { strict: true })).rejects.toThrow();
    expect(await caches()).toEqual([]);
    const stop = new Error('enough');
    await expect(
      imageFolder(folder, {
        onProgress: () => {
          throw stop;
        },
      }),
    ).rejects.toBe(stop);
    expect(await caches()).toEqual([]);
  });

  test('is kept free of what killed processes left, and of nothing else', async () => {
    mkdirSync(join(folder, '.cuda-gan'));
    const [old, young] = ['.old.tmp', '.young.tmp'].map((name) => join(folder, '.cuda-gan', name));
    for (const path of [old!, young!]) writeFileSync(path, '');
    utimesSync(old!, new Date(), new Date(Date.now() - 2 * 3_600_000));
    await imageFolder(folder);
    expect((await caches()).map((name) => name.replace(/.*safetensors/, 'cache')).sort()).toEqual([
      '.young.tmp',
      'cache',
    ]);
  });

  test('that cannot be kept is said, and the images are there nevertheless', async () => {
    writeFileSync(join(folder, '.cuda-gan'), 'a file in the way');
    const { images } = await imageFolder(folder);
    expect(images.shape).toEqual([2, 4, 4, 3]);
    expect(warnings).toEqual([
      expect.stringMatching(/^CUDA_GAN_CACHE: cannot write into the folder .*: decoded images are kept in memory/),
    ]);
  });

  test('that is there is taken also where no other can be written', async () => {
    await imageFolder(folder);
    jest.spyOn(promises, 'access').mockRejectedValue(Object.assign(new Error('EROFS'), { code: 'EROFS' }));
    expect(await decodedBy()).toBe(0);
    expect(await decodedBy({ size: 2 })).toBe(2);
    expect(warnings).toEqual([expect.stringContaining('CUDA_GAN_CACHE: cannot write into the folder')]);
  });

  test('may be written to, which changes the array and not the file', async () => {
    const { images } = await imageFolder(folder);
    images.data.fill(77);
    expect((await imageFolder(folder)).images.data[0]).toBe(255);
  });
});

describe('options', () => {
  test.each<[object, string]>([
    [{ size: 0 }, 'size is 0; allowed are whole numbers from 1 to 65535'],
    [{ size: [4] }, 'size is [4]; allowed are whole numbers from 1 to 65535, and arrays of 2 of them'],
    [{ size: '64' }, 'size is "64"; allowed are whole numbers'],
    [{ fit: 'cover' }, 'fit is "cover"; allowed are crop and contain'],
    [{ channels: 2 }, 'channels is 2; allowed are 1, 3 and 4'],
    [{ background: 256 }, 'background is 256; allowed are whole numbers from 0 to 255'],
    [
      { background: 'white' },
      'background is "white"; allowed are whole numbers from 0 to 255, and arrays of 3 of them',
    ],
    [{ labels: 'yes' }, 'labels is "yes"; allowed are true and false'],
    [{ strict: 1 }, 'strict is 1; allowed are true and false'],
    [{ cache: true }, 'cache is true; allowed are texts that are not empty'],
    [{ onProgress: 3 }, 'onProgress is 3; allowed are functions'],
  ])('are not %j', async (options, message) => {
    await expect(imageFolder(folder, options)).rejects.toThrow(error('CUDA_GAN_VALUE', message));
  });

  test('and folders of any junk end in nothing but errors with a code', async () => {
    await fc.assert(
      fc.asyncProperty(
        junk.filter((value) => typeof value !== 'string'),
        (value) => onlyCodedErrors(() => imageFolder(value as never)),
      ),
    );
  });

  test('report progress, and wait for whoever takes it', async () => {
    for (const name of ['a.png', 'b.png', 'c.png']) await put(name, draw(red).png());
    const seen: unknown[] = [];
    await load({
      onProgress: async (progress) => {
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(progress);
      },
    });
    expect(seen).toEqual([1, 2, 3].map((done) => ({ done, files: 3 })));
  });
});

test('the name of a folder without letters is none', async () => {
  await put('…/a.png', draw(red).png());
  const { images } = await imageFolder(join(folder, '…'), { cache: false });
  expect(images.name).toBeUndefined();
  expect(basename(folder)).toMatch(/^images-/);
});
