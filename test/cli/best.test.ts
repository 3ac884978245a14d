// `--metrics-interval` of `cuda-gan train`, and `--best` of the commands that take a run.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { datasets, GAN, saveGrid, saveNpy, VAE } from '../../lib/index';
import { rowsOf } from '../../lib/models/data';
import { scratchFolder } from '../gan/scratch';
import { smallGan, smallImages } from '../gan/small-gan';
import { smallNetwork } from '../gan/small-network';
import { command } from './command';

const linesOf = (text: string) => text.trimEnd().split('\n');
const bestOf = (out: string) => JSON.parse(readFileSync(join(out, 'best.json'), 'utf8'));

describe('train --metrics-interval', () => {
  const quick = ['--device', 'cpu', '--steps', '6', '--batch-size', '4', '--sample-interval', '3', '--seed', '1'];
  const trained = (async () => {
    const [out, config] = [join(scratchFolder(), 'run'), join(scratchFolder(), 'config.json')];
    writeFileSync(config, JSON.stringify({ networks: { name: 'mlp', width: 0.05 }, metricsCount: 120 }));
    const ended = await command('train', ...quick, '--config', config, '--metrics-interval', '2', '--out', out);
    return { ...ended, out };
  })();

  test('measures samples of the count in the file against the test set, a line for each time', async () => {
    const { code, stdout, stderr, out } = await trained;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const line = /^(\d) \[Fréchet distance: \d+\.\d{3}\] \[precision: \d+\.\d%, recall: \d+\.\d%\]$/;
    expect(linesOf(stdout).flatMap((text) => line.exec(text)?.[1] ?? [])).toEqual(['2', '4', '5']);
    const steps = linesOf(readFileSync(join(out, 'history.jsonl'), 'utf8')).map((text) => JSON.parse(text));
    const measured = steps.filter(({ frechetDistance }) => frechetDistance !== undefined);
    expect(measured.map(({ step }) => step)).toEqual([2, 4, 5]);
    const least = measured.reduce((best, one) => (one.frechetDistance < best.frechetDistance ? one : best));
    expect(bestOf(out)).toMatchObject({ step: least.step, network: { name: 'digits' }, samples: 120, reference: 120 });
  });

  test('is resumed with the same figures', async () => {
    const { out } = await trained;
    const copy = join(scratchFolder(), 'run');
    cpSync(out, copy, { recursive: true });
    rmSync(join(copy, 'checkpoints', 'checkpoint-000000006.safetensors'));
    const { code, stderr } = await command('train', '--resume', copy);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of ['history.jsonl', 'best.json'])
      expect(readFileSync(join(copy, name), 'utf8')).toBe(readFileSync(join(out, name), 'utf8'));
  });

  test('--best evaluates the best generator', async () => {
    const { out } = await trained;
    const data = join(scratchFolder(), 'data.npy');
    const { images } = await datasets.mnist({ split: 'test' });
    await saveNpy(data, rowsOf(images, 0, 300));
    const args = ['--against', data, '--count', '300', '--seed', '1', '--json'];
    const evaluated = await command('evaluate', '--model', out, '--best', ...args);
    expect(evaluated).toMatchObject({ code: 0, stderr: '' });
    // Only the last generator is in a folder without the best one.
    const copy = join(scratchFolder(), 'run');
    cpSync(out, copy, { recursive: true });
    cpSync(join(out, 'best.safetensors'), join(copy, 'generator.safetensors'));
    const { figures } = JSON.parse((await command('evaluate', '--model', copy, ...args)).stdout);
    expect(JSON.parse(evaluated.stdout).figures).toEqual(figures);
    expect(await command('evaluate', '--images', copy, '--best')).toMatchObject({ code: 2 });
  });

  test('is for what draws images', async () => {
    const { code, stderr } = await command('train', '--model', 'autoencoder', '--metrics-interval', '2');
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--metrics-interval is for --model gan, vae, cvae'),
    });
  });

  test('with a network in a file, or a number of samples without it, is refused', async () => {
    const config = join(scratchFolder(), 'config.json');
    writeFileSync(config, '{ "metricsNetwork": "digits" }');
    const inFile = await command('train', ...quick, '--config', config);
    expect(inFile).toMatchObject({ code: 2, stderr: expect.stringContaining('unknown option "metricsNetwork"') });
    writeFileSync(config, '{ "metricsCount": 200 }');
    const alone = await command('train', ...quick, '--config', config);
    expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining('no metricsInterval') });
  });
});

describe('--best', () => {
  const trained = (async () => {
    const folder = scratchFolder();
    const options = { metricsInterval: 1, metricsCount: 20, metricsNetwork: smallNetwork() };
    await smallGan().train(smallImages(), { steps: 30, batchSize: 8, outDir: folder, ...options });
    expect(bestOf(folder).step).toBeLessThan(29);
    return folder;
  })();

  test('draws by the best generator', async () => {
    const [folder, out, wanted] = [await trained, join(scratchFolder(), 'a.png'), join(scratchFolder(), 'b.png')];
    expect(await command('generate', '--model', folder, '--best', '--seed', '3', '--out', out)).toMatchObject({
      code: 0,
    });
    const gan = await GAN.load(folder, { best: true, seed: 3 });
    await saveGrid(wanted, await gan.generate(25, { seed: 0 }));
    expect(readFileSync(out).equals(readFileSync(wanted))).toBe(true);
    const last = await GAN.load(folder, { seed: 3 });
    await saveGrid(wanted, await last.generate(25, { seed: 0 }));
    expect(readFileSync(out).equals(readFileSync(wanted))).toBe(false);
  });

  test('is for movies that are drawn, not for the pictures of a run', async () => {
    const folder = await trained;
    const loop = async (...args: string[]) => {
      const out = join(scratchFolder(), 'loop.png');
      const tail = ['--interpolate', '--stops', '2', '--steps', '2', '--seed', '1', '--out', out];
      expect(await command('movie', folder, ...tail, ...args)).toMatchObject({ code: 0 });
      return readFileSync(out);
    };
    expect((await loop('--best')).equals(await loop())).toBe(false);
    expect(await command('movie', folder, '--best')).toMatchObject({
      code: 2,
      stderr: 'cuda-gan: --best is given, but it goes with --interpolate (CUDA_GAN_VALUE)\n',
    });
  });

  test('of a VAE is kept by epochs, as its history has the figures', async () => {
    const { images } = await datasets.mnist();
    const data = join(scratchFolder(), 'digits.npy');
    await saveNpy(data, rowsOf(images, 0, 300));
    const out = scratchFolder();
    const args = ['--model', 'vae', '--data', data, '--epochs', '2', '--metrics-interval', '2', '--seed', '1'];
    expect(await command('train', ...args, '--device', 'cpu', '--out', out)).toMatchObject({ code: 0, stderr: '' });
    const [names, first, second] = readFileSync(join(out, 'history.csv'), 'utf8').split('\r\n');
    expect(names).toBe('epoch,classifierScore,frechetDistance,kl,loss,precision,recall,reconstruction');
    expect(first).toMatch(/^0,NA,NA,/);
    expect(second).toMatch(/^1,\d+\.\d+,\d+\.\d+,/);
    const grid = join(out, 'grid.png');
    expect(await command('generate', '--model', out, '--best', '--out', grid)).toMatchObject({ code: 0, stderr: '' });
  });

  test('of a VAE that was not measured says that there is none', async () => {
    const folder = scratchFolder();
    await new VAE({ imageShape: [4, 4, 1], latentDim: 3, seed: 1, device: 'cpu' }).save(
      join(folder, 'vae.safetensors'),
    );
    expect(await command('generate', '--model', folder, '--best')).toEqual({
      code: 1,
      stdout: '',
      stderr: `cuda-gan: ${folder} holds no best model, best.safetensors: only a run with --metrics-interval keeps one, from its first measurement on (CUDA_GAN_FILE)\n`,
    });
  });

  test('of a run that was not measured says so', async () => {
    const folder = scratchFolder();
    await smallGan().train(smallImages(), { steps: 1, batchSize: 8, outDir: folder });
    expect(await command('generate', '--model', folder, '--best')).toEqual({
      code: 1,
      stdout: '',
      stderr: `cuda-gan: ${folder} holds no best generator, best.safetensors: only a run with metricsInterval keeps one, from its first measurement on (CUDA_GAN_FILE)\n`,
    });
  });
});
