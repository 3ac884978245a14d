// What an autoencoder does, but for its numbers, which pytorch.test.ts is about.
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Autoencoder, type AutoencoderOptions, tensor } from '../../lib/index';
import { expectError } from '../gan/rejects';
import { scratchFolder } from '../gan/scratch';
import { smallAutoencoder, smallImages, smallVae } from './small';

const { images, labels } = smallImages();
const fast = { optimizer: { name: 'adam', learningRate: 0.01 } } as const;

test.each<AutoencoderOptions>([
  { networks: { name: 'mlp', width: 0.2 } },
  { networks: { name: 'cnn', width: 0.2 } },
  { networks: { name: 'mlp', width: 0.2 }, loss: 'meanSquaredError' },
])('%j learns to make its images again', async (options) => {
  const autoencoder = smallAutoencoder({ ...fast, ...options });
  const before = await autoencoder.evaluate(images);
  const { history } = await autoencoder.fit(images, { epochs: 100, batchSize: 6, validationData: images });
  expect(Object.keys(history)).toEqual(['loss', 'valLoss']);
  const { data } = await autoencoder.reconstruct(images);
  const error = data.reduce((sum, value, i) => sum + (value - images.data[i]! / 255) ** 2, 0) / data.length;
  const byte = images.data.map(Number);
  const mean = byte.reduce((sum, value) => sum + value / 255, 0) / data.length;
  const spread = byte.reduce((sum, value) => sum + (value / 255 - mean) ** 2, 0) / data.length;
  expect((await autoencoder.evaluate(images)).loss).toBeLessThan(before.loss!);
  expect(error).toBeLessThan(spread / 2);
});

test('noise is for training only, and the images to be made are clean', async () => {
  const noisy = smallAutoencoder({ noise: { name: 'gaussian', stddev: 0.5 } });
  const plain = smallAutoencoder();
  expect(await noisy.evaluate(images)).toEqual(await plain.evaluate(images));
  expect(await noisy.encode(images)).toEqual(await plain.encode(images));
  const { history } = await noisy.fit(images, { batchSize: 12 });
  expect(history.loss).not.toEqual((await plain.fit(images, { batchSize: 12 })).history.loss);
});

test('a denoising autoencoder learns to take noise away', async () => {
  const autoencoder = smallAutoencoder({
    ...fast,
    networks: { name: 'mlp', width: 0.2 },
    noise: { name: 'masking', rate: 0.25 },
  });
  // One of two halves is bright.
  const halves = tensor(
    Float32Array.from({ length: 40 * 16 }, (_, i) => Number(i % 16 < 8 === i % 32 < 16)),
    [40, 4, 4, 1],
  );
  await autoencoder.fit(halves, { epochs: 60, batchSize: 10 });
  const masked = tensor(
    halves.data.map((value, i) => ((i * 7919) % 4 === 0 ? 0 : value)),
    halves.shape,
  );
  const { data } = await autoencoder.reconstruct(masked);
  const distance = (pixels: Float32Array) => pixels.reduce((sum, value, i) => sum + (value - halves.data[i]!) ** 2, 0);
  expect(distance(data)).toBeLessThan(distance(masked.data) / 10);
});

test('encodes, decodes, and walks between images', async () => {
  const autoencoder = smallAutoencoder();
  const codes = await autoencoder.encode(images);
  expect(codes.shape).toEqual([12, 3]);
  const made = await autoencoder.decode(codes);
  expect(made).toEqual(await autoencoder.reconstruct(images));
  const loop = await autoencoder.interpolate(images, { steps: 2, loop: true });
  expect(loop.shape).toEqual([24, 4, 4, 1]);
  expect(loop.data.slice(32, 48)).toEqual(made.data.slice(16, 32));
});

test('is loaded as it was', async () => {
  const autoencoder = smallAutoencoder({ noise: { name: 'masking', rate: 0.5 }, loss: 'meanSquaredError' });
  await autoencoder.fit(images, { epochs: 2 });
  const path = join(scratchFolder(), 'autoencoder.safetensors');
  await autoencoder.save(path);
  const loaded = await Autoencoder.load(path, { device: 'cpu' });
  expect(loaded.model.getConfig()).toEqual(autoencoder.model.getConfig());
  expect(await loaded.reconstruct(images)).toEqual(await autoencoder.reconstruct(images));
});

describe('says what is wrong:', () => {
  test.each<[AutoencoderOptions, string]>([
    [{ loss: 'huber' as never }, 'unknown loss "huber"; allowed are binaryCrossentropy, meanSquaredError'],
    [
      { noise: 'gaussian' as never },
      "noise is \"gaussian\"; allowed are objects with a name: { name: 'gaussian', stddev } and { name: 'masking', rate }",
    ],
    [{ noise: { name: 'salt' } as never }, 'unknown noise "salt"; allowed are gaussian, masking'],
    [{ noise: { name: 'gaussian' } as never }, 'the noise "gaussian" needs stddev'],
    [{ noise: { name: 'masking', stddev: 1 } as never }, 'noise "masking": unknown option "stddev"; allowed are rate'],
    [{ noise: { name: 'masking', rate: 1 } }, 'rate is 1; allowed are numbers from 0 to below 1'],
    [{ noise: { name: 'gaussian', stddev: -1 } }, 'stddev is -1; allowed are finite numbers from 0 on'],
  ])('%#: of options', async (options, message) => {
    await expectError(() => smallAutoencoder(options), 'CUDA_GAN_VALUE', message);
  });

  test('networks of a VAE', async () => {
    const [vae, labelled] = [smallVae(), smallVae({ classes: 3 })];
    const device = 'cpu';
    await expectError(
      () => new Autoencoder({ encoder: vae.encoder, decoder: vae.decoder, device }),
      'CUDA_GAN_SHAPE',
      'the encoder has 2 outputs (mean, log_variance); wanted is one: the latent vector',
    );
    await expectError(
      () => new Autoencoder({ encoder: smallAutoencoder().encoder, decoder: labelled.decoder, device }),
      'CUDA_GAN_SHAPE',
      'the decoder is given classes as a second input, but the encoder is not: give them to both, or to none',
    );
  });

  test('data and files', async () => {
    const autoencoder = smallAutoencoder();
    const codes = tensor(Float32Array.of(1, 2, Number.NaN), [1, 3]);
    await expectError(
      () => autoencoder.decode(codes),
      'CUDA_GAN_DATA',
      'codes contains NaN in sample 0; all numbers must be finite',
    );
    await expectError(
      () => autoencoder.encode(labels as never),
      'CUDA_GAN_DATA',
      /^images holds int32; pixels must be a Uint8Array/,
    );
    const path = join(scratchFolder(), 'vae.safetensors');
    await smallVae().save(path);
    await expectError(
      () => Autoencoder.load(path),
      'CUDA_GAN_FILE',
      `${path} holds a Functional of another kind, not what save of an Autoencoder wrote`,
    );
  });
});
