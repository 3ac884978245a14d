// The networks of the article's script: an MLP generator and an MLP discriminator for images.
import { seedNumber, shapeOption, wholeNumber } from '../checks.js';
import * as layers from '../layers/index.js';
import { Sequential } from '../models/sequential.js';
import { checkOptions, type OptionNames } from '../options.js';
import { secondSeed } from '../random/streams.js';
import { type Shape, sizeOf } from '../tensor.js';

export interface PresetOptions {
  /** Height, width, channels. Default `[28, 28, 1]`. */
  readonly imageShape?: Shape | undefined;
  /** Length of the generator's noise vector. Default 100. */
  readonly latentDim?: number | undefined;
  /** Seed of the initial weights. Default: random. */
  readonly seed?: number | undefined;
}

const optionNames: OptionNames<PresetOptions> = { imageShape: true, latentDim: true, seed: true };

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
    // Not the generator's numbers again, where both have the same seed.
    seed: seed === undefined ? undefined : secondSeed(seed),
  });
}

function checkPreset(call: string, options: PresetOptions | undefined) {
  const { imageShape = [28, 28, 1], latentDim = 100, seed } = checkOptions(call, options, optionNames);
  return {
    imageShape: shapeOption('imageShape', imageShape),
    latentDim: wholeNumber('latentDim', latentDim, 1),
    seed: seed === undefined ? undefined : seedNumber('seed', seed),
  };
}
