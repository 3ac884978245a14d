// Bytes mean the same to a discriminator in training and in use.
import { expect, test } from '@jest/globals';
import { GAN, layers, Sequential, type Tensor, tensor } from '../../lib/index';
import { scratchFolder } from './scratch';
import { latentDim, smallDiscriminator, smallGan, smallImages, weightsOf } from './small-gan';

const pixels = smallImages();
const scaled = (low: number, high: number): Tensor<Float32Array> =>
  tensor(
    Float32Array.from(pixels.data, (pixel) => Math.fround((high - low) / 255) * pixel + low),
    pixels.shape,
  );

/** A float32 product and sum, weighted by 16 inputs and passed on by three layers. */
const nearly = (data: Float32Array) => Array.from(data, (value) => expect.closeTo(value, 4));

function ganEndingIn(activation: 'tanh' | 'sigmoid' | 'linear'): GAN {
  const generator = new Sequential({
    layers: [
      layers.dense({ units: 16, activation, inputShape: [latentDim] }),
      layers.reshape({ targetShape: [4, 4, 1] }),
    ],
    seed: 1,
  });
  return new GAN({ generator, discriminator: smallDiscriminator(1), seed: 1 });
}

test.each([
  ['tanh', -1, 1],
  ['sigmoid', 0, 1],
  ['linear', -1, 1],
] as const)('with a generator that ends in %s, bytes become %d to %d', async (activation, low, high) => {
  const { discriminator } = ganEndingIn(activation);
  expect(discriminator.pixelRange).toEqual([low, high]);
  const [ofBytes, ofFloats] = [await discriminator.predict(pixels), await discriminator.predict(scaled(low, high))];
  expect(Array.from(ofBytes.data)).toEqual(nearly(ofFloats.data));
});

test.each(['tanh', 'sigmoid'] as const)(
  'training on bytes is training on what predict sees (%s)',
  async (activation) => {
    const [onBytes, onFloats] = [ganEndingIn(activation), ganEndingIn(activation)];
    const [low, high] = onBytes.discriminator.pixelRange!;
    const options = { steps: 3, batchSize: 8 };
    const [first, second] = [await onBytes.train(pixels, options), await onFloats.train(scaled(low, high), options)];
    expect(Array.from(first.dLoss)).toEqual(nearly(second.dLoss));
  },
);

test('a range of its own is kept, and saved with the model', async () => {
  const discriminator = smallDiscriminator(1);
  discriminator.pixelRange = [0, 2];
  const gan = smallGan({ discriminator });
  expect(gan.discriminator.pixelRange).toEqual([0, 2]);
  const outDir = scratchFolder();
  await gan.train(pixels, { steps: 2, batchSize: 4, outDir });
  const loaded = await GAN.load(outDir);
  expect(loaded.discriminator.pixelRange).toEqual([0, 2]);
  expect(await weightsOf(loaded)).toEqual(await weightsOf(gan));
  expect(await loaded.discriminator.predict(pixels)).toEqual(await gan.discriminator.predict(pixels));
});
