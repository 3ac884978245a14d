// `cuda-gan evaluate`, of a run folder and of images.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { rowsAt } from '../../lib/evaluation/subsets';
import { datasets, GAN, saveNpy } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { command } from './command';

const folder = scratchFolder();

/** A GAN of a step, and 300 digits as files. */
const made = (async () => {
  const { images } = await datasets.mnist({ split: 'test' });
  const rows = (begin: number) =>
    rowsAt(
      images,
      Int32Array.from({ length: 300 }, (_, i) => begin + i),
    );
  const gan = new GAN({ networks: { name: 'mlp', width: 1 / 32 }, seed: 1, device: 'cpu' });
  const run = join(folder, 'run');
  await gan.train(images, { steps: 1, batchSize: 8, outDir: run });
  const [samples, data] = [join(folder, 'samples.npy'), join(folder, 'data.npy')];
  await saveNpy(samples, rows(0));
  await saveNpy(data, rows(300));
  return { run, samples, data };
})();

describe('evaluate', () => {
  test('prints the figures of images beside data', async () => {
    const { samples, data } = await made;
    const { code, stdout, stderr } = await command('evaluate', '--images', samples, '--against', data, '--seed', '1');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Of 300 samples and 300 images of data, by the feature network digits 1');
    expect(stdout).toMatch(/precision +0\.\d{3} \[0\.\d{3}, 0\.\d{3}\]/);
  });

  test('--json prints one object, the same for the same seed, and --out writes a page', async () => {
    const { run, data } = await made;
    const page = join(folder, 'page.html');
    const args = ['evaluate', '--model', run, '--against', data, '--count', '200', '--seed', '2', '--json'];
    const { code, stdout } = await command(...args, '--out', page);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ samples: 200, reference: 200, seed: 2, network: { version: '1' } });
    expect(readFileSync(page, 'utf8')).toContain('<!doctype html>');
    expect((await command(...args)).stdout).toBe(stdout);
  });

  test('says what is missing or too little, and gives no figure', async () => {
    const { samples, data } = await made;
    expect(await command('evaluate')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'cuda-gan: nothing to evaluate: give --model or --images (CUDA_GAN_VALUE)\n',
    });
    const few = await command('evaluate', '--images', samples, '--against', data, '--count', '20');
    expect(few).toMatchObject({ code: 1, stdout: '' });
    expect(few.stderr).toContain('samples has 20 samples; the Fréchet distance of 64 features needs at least 65');
    const missing = await command('evaluate', '--model', join(folder, 'nowhere'), '--against', data);
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toContain('CUDA_GAN_FILE');
  });
});

test.each([
  ['page.jpg', 2, 'but what is written is an HTML page; allowed are names that end in .html, .htm'],
  [join('no', 'such', 'folder', 'page.html'), 1, 'no such file or folder'],
])('--out %s is refused before anything is measured', async (out, code, message) => {
  expect(await command('evaluate', '--images', 'not-there.npy', '--out', out)).toMatchObject({
    code,
    stdout: '',
    stderr: expect.stringContaining(message),
  });
});
