// Whether samples of VAEs are called blurrier follows from intervals, not from values.
import { expect, test } from '@jest/globals';
import { claimOf } from '../../lib/comparison/claim';

const sharp = (title: string, low: number, high: number) => ({
  title,
  ratio: { value: (low + high) / 2, low, high, confidence: 0.95 },
});

test('the claim holds where the whole interval lies below those of all GANs and below the data', () => {
  const { holds, text } = claimOf([sharp('VAE', 0.5, 0.6)], [sharp('GAN', 0.7, 0.8)]);
  expect(holds).toBe(true);
  expect(text).toBe(
    "The article's claim holds: samples of VAEs are blurrier than the data and than those of GANs. Gradient energy, as a share of the data's own: VAE 0.55 [0.50, 0.60], GAN 0.75 [0.70, 0.80].",
  );
});

test.each([
  ['a GAN whose interval touches', [sharp('VAE', 0.5, 0.7)], [sharp('GAN', 0.7, 0.8)], 'VAE than GAN.'],
  ['the data', [sharp('VAE', 0.9, 1.1)], [sharp('GAN', 1.2, 1.3)], 'VAE than the data.'],
  [
    'one of two GANs, for one of two VAEs',
    [sharp('VAE', 0.5, 0.6), sharp('VAE with classes', 0.7, 0.75)],
    [sharp('GAN a', 0.72, 0.8), sharp('GAN b', 1.1, 1.2)],
    'VAE with classes than GAN a.',
  ],
])('it does not hold for all against %s', (_, vaes, gans, named) => {
  const { holds, text } = claimOf(vaes, gans);
  expect(holds).toBe(false);
  expect(text).toContain(`does not hold for all: not blurrier are ${named}`);
});

test('it is left open without a VAE or without a GAN', () => {
  expect(claimOf([], [sharp('GAN', 1, 1)])).toMatchObject({ holds: null, text: expect.stringContaining('no VAE') });
  expect(claimOf([sharp('VAE', 1, 1)], [])).toMatchObject({ holds: null, text: expect.stringContaining('no GAN') });
});
