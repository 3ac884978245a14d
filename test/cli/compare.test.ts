// `cuda-gan compare` as a process.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { rowsAt } from '../../lib/evaluation/subsets';
import { datasets, saveNpz, type Tensor } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { command } from './command';

const folder = scratchFolder();

const digits = (async () => {
  const { images, labels } = await datasets.mnist();
  const rows = Int32Array.from({ length: 500 }, (_, i) => i);
  const path = join(folder, 'digits.npz');
  await saveNpz(
    path,
    new Map<string, Tensor>([
      ['x', rowsAt(images, rows)],
      ['y', rowsAt(labels, rows)],
    ]),
  );
  return path;
})();

const quick = ['--steps', '2', '--count', '250', '--seed', '1', '--device', 'cpu'];

describe('compare', () => {
  test('prints the table and the verdict on blur, writes the page, and goes on with further models', async () => {
    const out = join(folder, 'compare');
    const data = ['--data', await digits];
    const { code, stdout, stderr } = await command('compare', '--models', 'vae,mlp', ...quick, ...data, '--out', out);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Training VAE\nMeasuring VAE\nTraining GAN mlp');
    expect(stdout).toContain('| model | Fréchet distance | classifier score |');
    expect(stdout).toMatch(/The article's claim (holds|does not hold)/);
    expect(stdout).toContain('that the models were trained on');
    expect(readFileSync(join(out, 'comparison.html'), 'utf8')).toContain('<!doctype html>');
    const resumed = await command('compare', '--resume', out, '--models', 'vae,mlp,autoencoder', '--json');
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).not.toContain('Training VAE');
    const { models } = JSON.parse(resumed.stdout) as { models: { name: string }[] };
    expect(models.map(({ name }) => name)).toEqual(['vae', 'mlp', 'autoencoder']);
    const again = await command('compare', ...quick, ...data, '--out', out);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('holds a comparison already') });
    expect(await command('train', '--resume', out)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('run.json is that of cuda-gan "compare", not of train'),
    });
  });

  test.each<[string[], string]>([
    [['--models', 'vae,bert'], 'There is no "bert". Allowed are autoencoder, vae, cvae, mlp'],
    [['--minutes', '1', '--steps', '5'], '--minutes and --steps are both given'],
    [['--minutes', '0'], 'Allowed are numbers from 0.01 on'],
    [['--resume', 'nowhere', '--count', '5'], '--count cannot be changed in a comparison that is resumed'],
  ])('%j: %s', async (args, message) => {
    const { code, stdout, stderr } = await command('compare', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('a folder without a comparison cannot go on', async () => {
    const { code, stderr } = await command('compare', '--resume', scratchFolder());
    expect(code).toBe(1);
    expect(stderr).toContain('holds no run of cuda-gan compare: there is no run.json');
    expect(existsSync('nowhere')).toBe(false);
  });
});
