// `cuda-gan movie`.
import { existsSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import UPNG from 'upng-js';
import { GAN } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { smallGan, smallImages } from '../gan/small-gan';
import { command } from './command';

/** The folder of a run with the pictures of steps 0, 2 and 3. */
async function trained(gan: GAN): Promise<string> {
  const folder = scratchFolder();
  const labels = { shape: [12], data: Int32Array.from({ length: 12 }, (_, i) => i % 3) };
  const images = gan.classes === undefined ? smallImages() : { images: smallImages(), labels };
  await gan.train(images, { steps: 4, batchSize: 8, sampleInterval: 2, outDir: folder });
  return folder;
}

function classGan(): GAN {
  const networks = { name: 'mlp', width: 1 / 64 } as const;
  return new GAN({ preset: 'cgan', networks, imageShape: [4, 4, 1], latentDim: 3, classes: 3, seed: 2 });
}

const decode = (path: string) => UPNG.decode(new Uint8Array(readFileSync(path)).buffer);
const side = (count: number) => 6 + count * (4 * 3 + 6);

test('shows the pictures of a run, the last one longer', async () => {
  const folder = await trained(smallGan());
  const path = join(folder, 'movie.png');
  expect(await command('movie', folder)).toEqual({
    code: 0,
    stdout: `3 pictures at 10 a second in ${path}\n`,
    stderr: '',
  });
  const movie = decode(path);
  expect(movie.frames.map(({ delay }) => delay)).toEqual([100, 100, 2000]);
  const pictures = [0, 2, 3].map((step) => decode(join(folder, `images/samples_${step}.png`)));
  expect(UPNG.toRGBA8(movie)).toEqual(pictures.map((picture) => UPNG.toRGBA8(picture)[0]));
});

test('takes the speed, the time of the last picture and the file that it is told', async () => {
  const folder = await trained(smallGan());
  const path = join(folder, 'other.png');
  const { stdout } = await command('movie', folder, '--fps', '4', '--hold', '0.5', '--out', path);
  expect(stdout).toBe(`3 pictures at 4 a second in ${path}\n`);
  expect(decode(path).frames.map(({ delay }) => delay)).toEqual([250, 250, 500]);
});

describe('--interpolate', () => {
  const run = trained(classGan());
  const loop = async (...args: string[]) => {
    const path = join(scratchFolder(), 'loop.png');
    const ended = await command('movie', await run, '--interpolate', '--seed', '5', '--out', path, ...args);
    return { ...ended, path };
  };

  test('shows images on a loop, one class a row, from the images of generate --class-grid on', async () => {
    const { code, stdout, path } = await loop('--stops', '3', '--steps', '2');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `6 pictures of seed 5 at 20 a second in ${path}\n` });
    const movie = decode(path);
    expect([movie.width, movie.height]).toEqual([side(10), side(3)]);
    const frames = UPNG.toRGBA8(movie);
    expect(frames).toHaveLength(6);
    expect(new Set(frames.map((frame) => Buffer.from(frame).toString('base64'))).size).toBe(6);
    const first = join(scratchFolder(), 'grid.png');
    await command('generate', '--model', await run, '--class-grid', '--seed', '5', '--out', first);
    expect(UPNG.toRGBA8(decode(first))[0]).toEqual(frames[0]);
  });

  test('shows 5x5 images of one class, and truncated noise, where that is asked for', async () => {
    const options = ['--stops', '2', '--steps', '1', '--class', '2', '--truncation', '0.5'];
    const movie = decode((await loop(...options)).path);
    expect([movie.width, movie.height]).toEqual([side(5), side(5)]);
    const first = join(scratchFolder(), 'grid.png');
    const drawn = ['--seed', '5', '--class', '2', '--truncation', '0.5', '--out', first];
    await command('generate', '--model', await run, ...drawn);
    expect(UPNG.toRGBA8(decode(first))[0]).toEqual(UPNG.toRGBA8(movie)[0]);
  });

  test.each([
    [['--class', '3'], 'class is 3; allowed are whole numbers from 0 to 2'],
    [['--hold', '1'], '--hold is given, but a loop has no last picture'],
    [['--fps', '61'], 'fps is 61; allowed are numbers from 0.1 to 60'],
    [['--truncation', '0'], 'Allowed are numbers from 0.01 on.'],
  ])('with %j is exit code 2', async (args, message) => {
    expect(await loop(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});

describe('there is no movie', () => {
  test('by a name that promises another format', async () => {
    const out = join(scratchFolder(), 'm.gif');
    expect(await command('movie', await trained(smallGan()), '--out', out)).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(
        'but what is written is an animated PNG file; allowed are names that end in .png, .apng',
      ),
    });
    expect(existsSync(out)).toBe(false);
  });

  test('of a folder without pictures', async () => {
    const folder = scratchFolder();
    expect(await command('movie', folder)).toEqual({
      code: 1,
      stdout: '',
      stderr: `cuda-gan: cannot read ${join(folder, 'images')}: no such file or folder (CUDA_GAN_FILE)\n`,
    });
  });

  test('of pictures of which one is cut off', async () => {
    const folder = await trained(smallGan());
    const picture = join(folder, 'images', 'samples_2.png');
    truncateSync(picture, 100);
    expect(await command('movie', folder)).toMatchObject({
      code: 1,
      stderr: `cuda-gan: ${picture} is truncated: it ends after 100 bytes, in mid-picture (CUDA_GAN_FILE)\n`,
    });
  });

  test('with options of the other kind', async () => {
    expect(await command('movie', await trained(smallGan()), '--stops', '3')).toMatchObject({
      code: 2,
      stderr: 'cuda-gan: --stops is given, but it goes with --interpolate (CUDA_GAN_VALUE)\n',
    });
  });
});
