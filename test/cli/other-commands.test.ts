// `cuda-gan generate`, `info`, and the help.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { PNG } from 'pngjs';
import { defaultThreads } from '../../lib/devices/threads';
import { GAN, interpolateNoise, saveGrid } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { smallGan, smallImages } from '../gan/small-gan';
import { gpuMissing } from '../support/devices';
import { isThere } from '../support/skips';
import { command } from './command';

describe('generate', () => {
  const trained = (async () => {
    const folder = scratchFolder();
    await smallGan().train(smallImages(), { steps: 2, batchSize: 8, outDir: folder });
    return folder;
  })();

  const draw = async (count: string, seed: string, ...more: string[]) => {
    const folder = await trained;
    const out = join(scratchFolder(), 'grid.png');
    const ended = await command('generate', '--model', folder, '--count', count, '--seed', seed, '--out', out, ...more);
    return { ...ended, out, bytes: readFileSync(out) };
  };

  test('draws as many images as asked for, in a square as far as they fill it', async () => {
    const { code, stdout, out, bytes } = await draw('7', '3');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `7 images of seed 3 in ${out}\n` });
    const { width, height } = PNG.sync.read(bytes);
    expect({ width, height }).toEqual({ width: 6 + 3 * (4 * 3 + 6), height: 6 + 3 * (4 * 3 + 6) });
  });

  test('writes nothing by a name that promises another format, be it that of the model', async () => {
    const folder = await trained;
    const before = readFileSync(join(folder, 'generator.safetensors'));
    for (const name of ['grid.jpg', 'generator.safetensors']) {
      const out = join(folder, name);
      expect(await command('generate', '--model', folder, '--out', out)).toEqual({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(
          /, but what is written is a PNG file; allowed are names that end in \.png \(CUDA_GAN_VALUE\)\n$/,
        ),
      });
    }
    expect(existsSync(join(folder, 'grid.jpg'))).toBe(false);
    expect(readFileSync(join(folder, 'generator.safetensors'))).toEqual(before);
  });

  test('draws the same picture for the same seed', async () => {
    const [a, b, other] = [await draw('1', '3'), await draw('1', '3'), await draw('1', '4')];
    expect(a.bytes.equals(b.bytes)).toBe(true);
    expect(a.bytes.equals(other.bytes)).toBe(false);
    expect(a.stdout).toContain('1 image of seed 3');
  });

  test('--truncation draws from noise within it', async () => {
    const [folder, out, again] = [await trained, join(scratchFolder(), 'a.png'), join(scratchFolder(), 'b.png')];
    await command('generate', '--model', folder, '--seed', '3', '--truncation', '0.5', '--out', out);
    const gan = await GAN.load(folder, { seed: 3 });
    await saveGrid(again, await gan.generate(25, { seed: 0, truncation: 0.5 }));
    expect(readFileSync(out).equals(readFileSync(again))).toBe(true);
  });

  test('--interpolate walks from image to image, a row for each', async () => {
    const [folder, out, again] = [await trained, join(scratchFolder(), 'a.png'), join(scratchFolder(), 'b.png')];
    const args = ['--model', folder, '--seed', '3', '--interpolate', '4', '--count', '2', '--out', out];
    expect(await command('generate', ...args)).toMatchObject({
      stdout: `8 images of seed 3 in ${out}
`,
    });
    const gan = await GAN.load(folder, { seed: 3 });
    const walk = interpolateNoise(await gan.noise(2, { seed: 0 }), { steps: 4, loop: true });
    await saveGrid(again, await gan.generate(8, { noise: walk }), { rows: 2, columns: 4 });
    expect(readFileSync(out).equals(readFileSync(again))).toBe(true);
    const { width, height } = PNG.sync.read((await draw('1', '3', '--interpolate')).bytes);
    expect({ width, height }).toEqual({ width: 6 + 10 * (4 * 3 + 6), height: 6 + 4 * 3 + 6 });
  });

  test.each([
    [['--class', '1'], 'gan.generate: class is given, but the generator knows no classes'],
    [['--class-grid'], '--class-grid: the model knows no classes'],
    [['--class-grid', '--interpolate'], "option '--class-grid' cannot be used with option '--interpolate [steps]'"],
    [['--interpolate', '0'], 'Allowed are whole numbers from 1 on.'],
  ])('with %j fails, and says why', async (args, reason) => {
    const { code, stderr } = await command('generate', '--model', await trained, ...args);
    expect(code).not.toBe(0);
    expect(stderr).toContain(reason);
  });

  test('says which file of the run is missing, and exits with 1', async () => {
    const folder = join(scratchFolder(), 'none');
    const file = join(folder, 'generator.safetensors');
    expect(await command('generate', '--model', folder)).toEqual({
      code: 1,
      stdout: '',
      stderr: `cuda-gan: cannot read ${file}: no such file or folder (CUDA_GAN_FILE)\n`,
    });
  });

  test('refuses a count of 0 with exit code 2', async () => {
    expect(await command('generate', '--count', '0')).toMatchObject({ code: 2 });
  });
});

describe('info', () => {
  test('--json prints one object: version and devices', async () => {
    const { code, stdout } = await command('info', '--json');
    expect(code).toBe(0);
    const { version, node, devices, addon } = JSON.parse(stdout);
    expect(existsSync(addon)).toBe(true);
    expect({ version, node }).toEqual({
      version: JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')).version,
      node: process.version,
    });
    expect(devices.map(({ name }: { name: string }) => name)).toEqual(['cpu', 'cuda', 'reference']);
    expect(devices[0]).toMatchObject({
      available: true,
      instructionSet: expect.any(String),
      threads: expect.any(Number),
      threadLimit: { threads: devices[0].threads, by: expect.any(String) },
    });
  });

  test('prints a line per device', async () => {
    const { code, stdout } = await command('info');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^cuda-gan \d+\.\d+\.\d+, Node\.js v/);
    expect(stdout).toMatch(/\n {2}addon +\S+\.node\n/);
    expect(stdout).toMatch(/\n {2}cpu +\S/);
    expect(stdout).toMatch(/\n {2}cuda +\S/);
    expect(stdout).toMatch(/\n {2}reference +\S/);
  });

  test('says what decided the number of threads', async () => {
    const { stdout } = await command('info');
    expect(stdout).toContain(`\n             threads decided by: ${defaultThreads().by}`);
  });

  const withoutGpu = isThere(gpuMissing !== undefined, 'what a machine without a GPU says', 'there is one')
    ? test
    : test.skip;
  withoutGpu(
    'without a GPU prints the search for its libraries only with --verbose (skipped where there is one)',
    async () => {
      const { devices } = JSON.parse((await command('info', '--json')).stdout);
      const places = devices[1].libraries.flatMap(({ tried }: { tried: string[] }) => tried);
      const [brief, verbose] = [await command('info'), await command('info', '--verbose')];
      for (const place of places) expect(verbose.stdout).toContain(place);
      // From the line of cuda to that of reference: one, and one of the versions where the addon was built with CUDA.
      const cuda = /\n( {2}cuda .*)\n {2}reference /s.exec(brief.stdout)![1]!;
      expect(cuda.split('\n')).toHaveLength(devices[1].runtimeVersion === undefined ? 1 : 2);
    },
  );
});

describe('help', () => {
  test('lists the commands', async () => {
    const { code, stdout } = await command('--help');
    expect(code).toBe(0);
    for (const name of ['train', 'generate', 'movie', 'info']) expect(stdout).toContain(`\n  ${name} `);
  });

  test.each([
    ['train', ['--steps', '--batch-size', '--sample-interval', '--latent-dim', '--pretrain-steps', '--data', '--json']],
    ['generate', ['--model', '--count', '--truncation', '--class', '--class-grid', '--interpolate']],
    ['movie', ['--fps', '--hold', '--interpolate', '--stops', '--steps', '--truncation', '--class']],
  ])('of %s lists its options, devices and defaults', async (name, options) => {
    const { code, stdout } = await command(name, '--help');
    expect(code).toBe(0);
    for (const option of [...options, '--seed', '--device', '--threads', '--out']) expect(stdout).toContain(option);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'where to compute: cpu, cuda, cuda:1 (the second GPU) and so on, reference; auto is cuda where there is a GPU, else cpu (default: "auto")',
    );
    expect(stdout).toContain('"runs/mnist"');
  });

  test('--version prints the version', async () => {
    expect(await command('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test.each([[[]], [['fly']]])('no known command, %j, is exit code 2', async (args) => {
    expect((await command(...args)).code).toBe(2);
  });
});
