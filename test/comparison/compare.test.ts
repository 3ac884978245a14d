// Models that are trained and measured alike: what is written, how a comparison goes on, and what is refused.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { rowsAt } from '../../lib/evaluation/subsets';
import { type CompareOptions, compare, datasets, type Tensor, tensor } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { error } from '../support/errors';

const few = async (split: 'train' | 'test') => {
  const { images, labels } = await datasets.mnist({ split });
  const rows = Int32Array.from({ length: 500 }, (_, i) => i);
  return { images: { ...rowsAt(images, rows), name: 'mnist' }, labels: rowsAt(labels, rows) };
};
const data = Promise.all([few('train'), few('test')]);

/** Two steps, and as few samples as figures can be of. */
async function compared(options: Partial<CompareOptions> & { readonly outDir: string }) {
  const [train, heldOut] = await data;
  return compare(train, { steps: 2, count: 250, seed: 1, device: 'cpu', heldOut, ...options });
}

const models = ['autoencoder', 'cvae', 'mlp'] as const;

const whole = (async () => {
  const outDir = scratchFolder();
  const seen: string[] = [];
  const onProgress = ({ model, phase, seconds }: { model: string; phase: string; seconds: number }) => {
    if (seconds === 0) seen.push(`${phase} ${model}`);
  };
  return { outDir, seen, comparison: await compared({ outDir, models, onProgress }) };
})();

describe('a comparison', () => {
  test('has the figures of each model, and those of real images', async () => {
    const { comparison, seen } = await whole;
    expect(comparison.models.map(({ name, measured, steps }) => [name, measured, steps])).toEqual([
      ['autoencoder', 'reconstructions', 2],
      ['cvae', 'samples', 2],
      ['mlp', 'samples', 2],
    ]);
    expect(seen).toEqual(models.flatMap((name) => [`training ${name}`, `measuring ${name}`]));
    const [autoencoder, cvae, gan] = comparison.models;
    expect(autoencoder!.reconstructions).toEqual(autoencoder!.figures.sharpness);
    expect([cvae!.accuracy! >= 0, cvae!.accuracy! <= 1, gan!.accuracy]).toEqual([true, true, null]);
    expect(cvae!.reconstructions!.gradientEnergy.ratio.value).toBeGreaterThan(0);
    for (const { figures } of comparison.models) {
      expect(comparison.realImages!.frechetDistance.value).toBeLessThan(figures.frechetDistance.value);
    }
    expect(comparison).toMatchObject({ reference: 250, isHeldOut: true, settings: { seed: 1, count: 250, models } });
    // A VAE after two steps makes grey fog.
    expect(comparison.claim.holds).toBe(true);
  }, 180000);

  test('is written as data, as a table and as a page that needs nothing else', async () => {
    const { outDir, comparison } = await whole;
    expect(JSON.parse(readFileSync(join(outDir, 'comparison.json'), 'utf8'))).toEqual(comparison);
    const table = readFileSync(join(outDir, 'comparison.md'), 'utf8');
    expect(table).toContain('| VAE with classes | ');
    expect(table).toContain('| real images | ');
    expect(table).toContain(comparison.claim.text);
    const page = readFileSync(join(outDir, 'comparison.html'), 'utf8');
    expect(page.match(/src="data:image\/png;base64,/g)).toHaveLength(4);
    expect(page).not.toMatch(/src="(?!data:)|href=|@import|url\(/);
    expect(readdirSync(outDir).sort()).toEqual(
      [...models, 'comparison.html', 'comparison.json', 'comparison.md'].sort(),
    );
    for (const file of ['cvae/vae.safetensors', 'mlp/generator.safetensors', 'autoencoder/autoencoder.safetensors']) {
      expect(existsSync(join(outDir, file))).toBe(true);
    }
  });

  test('goes on with what it has, and comes to what it would have been', async () => {
    const outDir = scratchFolder();
    const first = await compared({ outDir, models: ['autoencoder'] });
    const second = await compared({ outDir, models, resume: true, seed: undefined });
    const { comparison } = await whole;
    const withoutTime = ({ models, ...rest }: typeof comparison) => ({
      ...rest,
      models: models.map((model) => ({ ...model, seconds: 0 })),
    });
    expect(second.models[0]).toEqual(first.models[0]);
    expect(withoutTime(second)).toEqual(withoutTime(comparison));
    await expect(compared({ outDir, models, resume: true, steps: 3 })).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'holds a comparison whose budget.steps is 2, and here it is 3'),
    );
    const [train] = await data;
    await expect(compared({ outDir, models, resume: true, heldOut: train })).rejects.toThrow(
      error('CUDA_GAN_DATA', 'comparison.json was made by another training: heldOut holds other numbers'),
    );
  });

  test('without images that were held out measures real ones that are not the reference, or none', async () => {
    const [train] = await data;
    const on = async (count: number) => {
      const outDir = scratchFolder();
      return compare(train, { outDir, steps: 1, count, seed: 1, device: 'cpu', models: ['mlp'] });
    };
    const { realImages } = await on(250);
    expect(realImages!.frechetDistance.value).toBeGreaterThan(0);
    const { realImages: none, models: measured } = await on(400);
    expect([none, measured.length]).toEqual([null, 1]);
  });

  test('is not begun in the folder of a run, which stays', async () => {
    const outDir = scratchFolder();
    writeFileSync(join(outDir, 'vae.safetensors'), 'of a run');
    for (const overwrite of [false, true]) {
      await expect(compared({ outDir, models, overwrite })).rejects.toThrow(
        error('CUDA_GAN_FILE', 'holds a run of another kind (vae.safetensors): choose another folder'),
      );
    }
    expect(readdirSync(outDir)).toEqual(['vae.safetensors']);
  });

  test('stays where another would begin, unless it may be replaced and the other can begin', async () => {
    const { outDir } = await whole;
    const before = readFileSync(join(outDir, 'comparison.json'), 'utf8');
    await expect(compared({ outDir, models })).rejects.toThrow(error('CUDA_GAN_FILE', 'holds a comparison already'));
    await expect(compared({ outDir, models, overwrite: true, count: 20 })).rejects.toThrow(
      error('CUDA_GAN_DATA', 'needs at least 65'),
    );
    expect(readFileSync(join(outDir, 'comparison.json'), 'utf8')).toBe(before);
    expect(existsSync(join(outDir, 'comparison.html'))).toBe(true);
  });

  test('that is ended by a signal has the models before', async () => {
    const outDir = scratchFolder();
    const ending = new AbortController();
    const onProgress = ({ model }: { model: string }) => {
      if (model === 'mlp') ending.abort();
    };
    const { models: found } = await compared({
      outDir,
      models: ['autoencoder', 'mlp'],
      signal: ending.signal,
      onProgress,
    });
    expect(found.map(({ name }) => name)).toEqual(['autoencoder']);
  });
});

describe('is refused', () => {
  test.each<[string, Partial<CompareOptions>, string]>([
    ['an unknown model', { models: ['gan' as never] }, 'unknown model to compare "gan"'],
    ['a model twice', { models: ['vae', 'vae'] }, 'models has "vae" twice'],
    ['no model', { models: [] }, 'models must be an array of names'],
    ['two budgets', { seconds: 1 }, 'seconds and steps are both given'],
    ['no time', { steps: undefined, seconds: 0 }, 'seconds is 0'],
    ['an unknown option', { minutes: 1 } as never, 'unknown option "minutes"'],
  ])('%s', async (_, options, message) => {
    const outDir = join(scratchFolder(), 'none');
    await expect(compared({ outDir, ...options })).rejects.toThrow(error('CUDA_GAN_VALUE', message));
    expect(existsSync(outDir)).toBe(false);
  });

  test('data that does not fit, before anything is trained', async () => {
    const outDir = scratchFolder();
    const [train] = await data;
    const on = (images: Tensor, options: Partial<CompareOptions> = {}) =>
      compare(images as never, { outDir, steps: 1, device: 'cpu', models: ['mlp'], ...options });
    await expect(on(train.images, { models: ['cvae'] })).rejects.toThrow(
      error('CUDA_GAN_DATA', 'VAE with classes needs classes, and the images come without labels'),
    );
    await expect(on(tensor(new Float32Array(28 * 28), [1, 28, 28, 1]))).rejects.toThrow(
      error('CUDA_GAN_DATA', 'numbers that are no bytes'),
    );
    await expect(on(tensor(new Uint8Array(40), [5, 8]))).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'wanted is [n, height'),
    );
    await expect(on(tensor(new Uint8Array(100 * 64), [100, 8, 8, 1]))).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'the feature network digits 1 takes'),
    );
    await expect(on(train.images, { count: 20 })).rejects.toThrow(error('CUDA_GAN_DATA', 'needs at least 65'));
    expect(readdirSync(outDir)).toEqual([]);
  });
});
