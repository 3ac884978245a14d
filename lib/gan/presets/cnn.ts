// The article's convolutional pair: a discriminator that samples down by max-pooling to one probability, and a generator
// that is an inverse convolutional network.
import { CudaGanError } from '../../errors.js';
import * as layers from '../../layers/index.js';
import { Sequential } from '../../models/sequential.js';
import { formatShape, type Shape } from '../../tensor.js';
import { checkPreset, discriminatorSeed, type PresetOptions } from './options.js';

/**
 * Noise `[latentDim]` → Dense to a quarter of the image's height and width, 128 channels → two transposed convolutions of
 * 5 by 5 that double the size, 64 channels and the image's, LeakyReLU 0.2 and batch normalisation (momentum 0.8) between
 * them → tanh. Height and width of the image must be multiples of 4.
 */
export function cnnGenerator(options?: PresetOptions): Sequential {
  const { imageShape, latentDim, seed } = checkPreset('cnnGenerator', options);
  const [height, width, channels] = requireQuarters(imageShape);
  const between = () => [layers.leakyReLU({ negativeSlope: 0.2 }), layers.batchNormalization({ momentum: 0.8 })];
  return new Sequential({
    name: 'generator',
    layers: [
      layers.dense({ units: (height / 4) * (width / 4) * 128, inputShape: [latentDim] }),
      ...between(),
      layers.reshape({ targetShape: [height / 4, width / 4, 128] }),
      layers.conv2dTranspose({ filters: 64, kernelSize: 5, strides: 2, padding: 'same' }),
      ...between(),
      layers.conv2dTranspose({ filters: channels, kernelSize: 5, strides: 2, padding: 'same', activation: 'tanh' }),
    ],
    seed,
  });
}

/**
 * Image → two convolutions of 5 by 5 (32 and 64 channels) with LeakyReLU 0.2, max-pooling to half the size and dropout 0.3
 * each → Dense 128 with LeakyReLU → Dense 1 sigmoid: the probability that the image is real.
 */
export function cnnDiscriminator(options?: PresetOptions): Sequential {
  const { imageShape, seed } = checkPreset('cnnDiscriminator', options);
  requireQuarters(imageShape);
  const hidden = [32, 64].flatMap((filters, i) => [
    layers.conv2d({ filters, kernelSize: 5, padding: 'same', ...(i === 0 && { inputShape: imageShape }) }),
    layers.leakyReLU({ negativeSlope: 0.2 }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.dropout({ rate: 0.3 }),
  ]);
  return new Sequential({
    name: 'discriminator',
    layers: [
      ...hidden,
      layers.flatten(),
      layers.dense({ units: 128 }),
      layers.leakyReLU({ negativeSlope: 0.2 }),
      layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
    seed: discriminatorSeed(seed),
  });
}

function requireQuarters(imageShape: Shape): readonly [height: number, width: number, channels: number] {
  const [height, width, channels] = imageShape;
  if (imageShape.length === 3 && height! % 4 === 0 && width! % 4 === 0) return [height!, width!, channels!];
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `the preset cnn has no networks for images of ${formatShape(imageShape)}; there are some for [height, width, channels], height and width multiples of 4`,
  );
}
