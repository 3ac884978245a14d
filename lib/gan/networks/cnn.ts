// The article's convolutional pair: a discriminator that samples down by max-pooling to one probability, and a generator
// that is an inverse convolutional network.
import { CudaGanError } from '../../errors.js';
import * as layers from '../../layers/index.js';
import type { Model, Prediction } from '../../models/model.js';
import { formatShape, type Shape } from '../../tensor.js';
import { assembleDiscriminator, assembleGenerator } from './assemble.js';
import { type DiscriminatorOptions, type NetworkOptions, planDiscriminator, planGenerator } from './options.js';

/**
 * Noise `[latentDim]` → Dense to a quarter of the image's height and width, 128 channels → two transposed convolutions
 * of 5 by 5 that double the size, 64 channels and the image's, LeakyReLU 0.2 and batch normalisation (momentum 0.8)
 * between them → tanh. Height and width of the image must be multiples of 4.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option, `CUDA_GAN_SHAPE` for images of another size.
 */
export function cnnGenerator(options?: NetworkOptions): Model<Prediction> {
  const plan = planGenerator('cnnGenerator', options);
  const [height, width, channels] = requireQuarters(plan.imageShape);
  const between = () => [layers.leakyReLU({ negativeSlope: 0.2 }), layers.batchNormalization({ momentum: 0.8 })];
  const [wide, narrow] = [plan.scaled(128), plan.scaled(64)];
  return assembleGenerator(plan, (inputLength) => [
    layers.dense({ units: (height / 4) * (width / 4) * wide, inputShape: [inputLength] }),
    ...between(),
    layers.reshape({ targetShape: [height / 4, width / 4, wide] }),
    layers.conv2dTranspose({ filters: narrow, kernelSize: 5, strides: 2, padding: 'same' }),
    ...between(),
    layers.conv2dTranspose({ filters: channels, kernelSize: 5, strides: 2, padding: 'same', activation: 'tanh' }),
  ]);
}

/**
 * Image → two convolutions of 5 by 5 (32 and 64 channels) with LeakyReLU 0.2, max-pooling to half the size and dropout
 * 0.3 each → Dense 128 with LeakyReLU → Dense 1 sigmoid: the probability that the image is real. Height and width must be multiples of 4.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option, `CUDA_GAN_SHAPE` for images of another size.
 */
export function cnnDiscriminator(options?: DiscriminatorOptions): Model<Prediction> {
  const plan = planDiscriminator('cnnDiscriminator', options);
  requireQuarters(plan.imageShape);
  return assembleDiscriminator(plan, (inputShape) => [
    ...[32, 64].flatMap((filters, i) => [
      layers.conv2d({
        filters: plan.scaled(filters),
        kernelSize: 5,
        padding: 'same',
        ...(i === 0 && { inputShape }),
      }),
      layers.leakyReLU({ negativeSlope: 0.2 }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.dropout({ rate: 0.3 }),
    ]),
    layers.flatten(),
    layers.dense({ units: plan.scaled(128) }),
    layers.leakyReLU({ negativeSlope: 0.2 }),
  ]);
}

function requireQuarters(imageShape: Shape): readonly [height: number, width: number, channels: number] {
  const [height, width, channels] = imageShape;
  if (imageShape.length === 3 && height! % 4 === 0 && width! % 4 === 0) return [height!, width!, channels!];
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `cnn has no networks for images of ${formatShape(imageShape)}; there are some for [height, width, channels], height and width multiples of 4`,
  );
}
