// ln p(x) and the terms of the bound, held to what is known in closed form.
import { describe, expect, test } from '@jest/globals';
import { binarized } from '../../lib/autoencoders/log-likelihood';
import { resolveDevice } from '../../lib/devices/select';
import { type Device, input, layers, model, Sequential, tensor, VAE } from '../../lib/index';
import { expectError } from '../gan/rejects';
import { cudaDevices, sharingCpu } from '../support/devices';
import { u } from '../support/keras';
import { smallImages, smallVae } from './small';

const { images, labels } = smallImages();

// One latent, and two pixels with the means w z + b and noise of variance s²: a normal distribution of pixels.
const [w, b, variance] = [[0.75, -1.5], [0.5, 0.25], 0.5];
const pixels = [
  [0.5, 0.25],
  [1.75, -2],
  [-1, 0.5],
  [0, 3],
];
const points = tensor(Float32Array.from(pixels.flat()), [4, 2]);

/** ln N(x; b, w wᵀ + s² I): two pixels, so that determinant and inverse fit into a line each. */
function exactLogLikelihood([x0, x1]: readonly number[]): number {
  const [c00, c01, c11] = [w[0]! ** 2 + variance, w[0]! * w[1]!, w[1]! ** 2 + variance];
  const [d0, d1] = [x0! - b[0]!, x1! - b[1]!];
  const determinant = c00 * c11 - c01 ** 2;
  const distance = (c11 * d0 ** 2 - 2 * c01 * d0 * d1 + c00 * d1 ** 2) / determinant;
  return -Math.log(2 * Math.PI) - Math.log(determinant) / 2 - distance / 2;
}

/** The posterior of that model is N((w · (x - b)) v / s², v) with v = 1 / (1 + w · w / s²); `wider` makes it another. */
async function linearGaussian(device: Device, wider = 0, samples = 1): Promise<VAE> {
  const ofPosterior = 1 / (1 + (w[0]! ** 2 + w[1]! ** 2) / variance);
  const image = input({ shape: [2] });
  const heads = [layers.dense({ units: 1 }).apply(image), layers.dense({ units: 1 }).apply(image)];
  const vae = new VAE({
    encoder: model({ inputs: image, outputs: heads }),
    decoder: new Sequential({ layers: [layers.dense({ units: 2, inputShape: [1] })] }),
    likelihood: 'gaussian',
    variance,
    samples,
    device,
    seed: 1,
  });
  const slope = w.map((one) => (one * ofPosterior) / variance);
  const offset = -(slope[0]! * b[0]! + slope[1]! * b[1]!);
  const weights = [slope, [offset], [0, 0], [Math.log(ofPosterior) + wider], w, b];
  const shapes = [[2, 1], [1], [2, 1], [1], [1, 2], [2]];
  await vae.model.setWeights(weights.map((data, i) => tensor(Float32Array.from(data), shapes[i])));
  return vae;
}

const devices = [
  { label: 'reference', device: resolveDevice('reference') },
  { label: 'cpu', device: sharingCpu(2) },
  ...cudaDevices(),
];

describe.each(devices)('on $label', ({ device }) => {
  // The largest terms are squares of up to 100; weights are rounded to float32, and so are some ten operations on the way.
  const rounding = 16 * 100 * u;

  test('with the exact posterior, one latent tells ln p(x)', async () => {
    const vae = await linearGaussian(device);
    const { perImage, mean, standardError } = await vae.logLikelihood(points, { samples: 1, seed: 3 });
    const exact = pixels.map(exactLogLikelihood);
    perImage.forEach((found, i) => {
      expect(Math.abs(found - exact[i]!)).toBeLessThan(rounding);
    });
    const average = exact.reduce((sum, value) => sum + value) / 4;
    const deviation = Math.sqrt(exact.reduce((sum, value) => sum + (value - average) ** 2, 0) / 3);
    expect(Math.abs(mean - average)).toBeLessThan(rounding);
    expect(Math.abs(standardError - deviation / 2)).toBeLessThan(rounding);
  });

  test('so does the importance-weighted objective', async () => {
    const vae = await linearGaussian(device, 0, 3);
    const exact = pixels.map(exactLogLikelihood).reduce((sum, value) => sum + value) / 4;
    const { loss } = await vae.evaluate(points);
    expect(Math.abs(loss! + exact)).toBeLessThan(rounding);
  });

  test('with another posterior, many latents tell it but for their own error', async () => {
    const vae = await linearGaussian(device, 0.7);
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const samples = 250;
    const found: number[] = [];
    for (const seed of seeds) found.push((await vae.logLikelihood(points, { samples, seed })).mean);
    const average = found.reduce((sum, value) => sum + value) / seeds.length;
    const spread = found.reduce((sum, value) => sum + (value - average) ** 2, 0) / (seeds.length - 1);
    const exact = pixels.map(exactLogLikelihood).reduce((sum, value) => sum + value) / 4;
    // The logarithm of a mean is too low by half its variance: that of one image, which is four times that of the mean of four.
    const bias = (4 * spread) / 2;
    expect(spread).toBeGreaterThan(0);
    expect(Math.abs(average - exact)).toBeLessThan(5 * Math.sqrt(spread / seeds.length) + bias);
  });
});

test('the KL term is that of the posterior', async () => {
  const vae = smallVae();
  const { mean, logVariance } = await vae.encode(images);
  const terms = Array.from(mean.data, (mu, i) => {
    const logarithm = logVariance.data[i]!;
    return (mu ** 2 + Math.exp(logarithm) - 1 - logarithm) / 2;
  });
  const exact = terms.reduce((sum, value) => sum + value) / 12;
  const { kl } = await vae.evaluate(images, { batchSize: 5 });
  // Each of three terms per image is a sum of numbers of size 1, and so is the mean.
  expect(Math.abs(kl! - exact)).toBeLessThan(32 * u * (1 + exact));
});

test('more latents bring ln p(x) up, from the bound of one', async () => {
  const vae = smallVae();
  const of = async (samples: number) => (await vae.logLikelihood(images, { samples, binarizeSeed: 1 })).mean;
  const [one, many] = [await of(1), await of(400)];
  expect(many).toBeGreaterThan(one);
});

test('figures follow from the seeds, whether pixels are bytes or floats', async () => {
  const vae = smallVae({ classes: 3 });
  const given = { samples: 130, seed: 4, binarizeSeed: 2 };
  const found = await vae.logLikelihood({ images, labels }, given);
  expect(await vae.logLikelihood({ images, labels }, given)).toEqual(found);
  expect((await vae.logLikelihood({ images, labels }, { ...given, seed: 5 })).mean).not.toBe(found.mean);
  expect((await vae.logLikelihood({ images, labels }, { ...given, binarizeSeed: 3 })).mean).not.toBe(found.mean);
  const floats = tensor(
    Float32Array.from(images.data, (byte) => byte / 255),
    images.shape,
  );
  expect(await vae.logLikelihood({ images: floats, labels }, given)).toEqual(found);
});

test('an image is binarised by the probability that its pixels are bright', () => {
  const shades = [0, 64, 128, 255];
  const rows = 4000;
  const grey = tensor(
    Uint8Array.from({ length: 4 * rows }, (_, i) => shades[i % 4]!),
    [rows, 4],
  );
  const { data } = binarized(grey, 1);
  expect(new Set(data)).toEqual(new Set([0, 255]));
  for (const [i, shade] of shades.entries()) {
    const share = data.filter((value, at) => at % 4 === i && value === 255).length / rows;
    const wanted = shade / 255;
    // Five standard deviations of a share.
    expect(Math.abs(share - wanted)).toBeLessThanOrEqual(5 * Math.sqrt((wanted * (1 - wanted)) / rows));
  }
});

describe('there is no figure', () => {
  test('for grey images and a likelihood of pixels that are 0 or 1', async () => {
    await expectError(
      () => smallVae().logLikelihood(images),
      'CUDA_GAN_DATA',
      "there is no figure for these images: they have grey pixels, and the likelihood 'bernoulli' is of pixels that are 0 or 1; binarizeSeed draws such",
    );
    const binary = tensor(
      images.data.map((byte) => (byte > 127 ? 255 : 0)),
      images.shape,
    );
    expect((await smallVae().logLikelihood(binary, { samples: 2 })).perImage).toHaveLength(12);
  });

  test('for pixels drawn as 0 or 1 and a likelihood of pixels as they are', async () => {
    await expectError(
      () => smallVae({ likelihood: 'gaussian', variance: 1 }).logLikelihood(images, { binarizeSeed: 1 }),
      'CUDA_GAN_VALUE',
      "binarizeSeed is given, but the likelihood is 'gaussian', of pixels as they are",
    );
  });

  test('of a model that has diverged', async () => {
    const vae = smallVae();
    const weights = await vae.model.getWeights();
    for (const { data } of weights) data.fill(1e30);
    await vae.model.setWeights(weights);
    await expectError(
      () => vae.logLikelihood(images, { samples: 2, binarizeSeed: 1 }),
      'CUDA_GAN_DIVERGED',
      /^the log-likelihood of image 0 is .*: the model has diverged$/,
    );
  });
});
