// The networks of the article's script: an MLP generator and an MLP discriminator for images.
import * as layers from '../../layers/index.js';
import { Sequential } from '../../models/sequential.js';
import { sizeOf } from '../../tensor.js';
import { checkPreset, discriminatorSeed, type PresetOptions } from './options.js';

/** Noise `[latentDim]` → Dense 256, 512, 1024, each with LeakyReLU 0.2 and batch normalisation (momentum 0.8) → Dense tanh → image. */
export function mlpGenerator(options?: PresetOptions): Sequential {
  const { imageShape, latentDim, seed } = checkPreset('mlpGenerator', options);
  const hidden = [256, 512, 1024].flatMap((units, i) => [
    layers.dense(i === 0 ? { units, inputShape: [latentDim] } : { units }),
    layers.leakyReLU({ negativeSlope: 0.2 }),
    layers.batchNormalization({ momentum: 0.8 }),
  ]);
  return new Sequential({
    name: 'generator',
    layers: [
      ...hidden,
      layers.dense({ units: sizeOf(imageShape), activation: 'tanh' }),
      layers.reshape({ targetShape: imageShape }),
    ],
    seed,
  });
}

/** Image → Flatten → Dense 512, 256, each with LeakyReLU 0.2 → Dense 1 sigmoid: the probability that the image is real. */
export function mlpDiscriminator(options?: PresetOptions): Sequential {
  const { imageShape, seed } = checkPreset('mlpDiscriminator', options);
  return new Sequential({
    name: 'discriminator',
    layers: [
      layers.flatten({ inputShape: imageShape }),
      layers.dense({ units: 512 }),
      layers.leakyReLU({ negativeSlope: 0.2 }),
      layers.dense({ units: 256 }),
      layers.leakyReLU({ negativeSlope: 0.2 }),
      layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
    seed: discriminatorSeed(seed),
  });
}
