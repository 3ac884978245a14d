// DCGAN (Radford, Metz & Chintala, Unsupervised Representation Learning with Deep Convolutional GANs, 2016): strided and
// transposed convolutions in place of pooling, batch normalisation, no hidden dense layers.
import { CudaGanError } from '../../errors.js';
import { randomNormal } from '../../initializers/index.js';
import * as layers from '../../layers/index.js';
import type { Layer } from '../../layers/layer.js';
import { Sequential } from '../../models/sequential.js';
import { formatShape, type Shape } from '../../tensor.js';
import { checkPreset, discriminatorSeed, type PresetOptions } from './options.js';

/** The networks for images of one size. */
interface Plan {
  readonly kernelSize: number;
  /** The generator begins with so many channels of `start` by `start` places. */
  readonly start: number;
  readonly channels: number;
  /** Its hidden transposed convolutions, first to last; one more makes the image. The discriminator mirrors them. */
  readonly hidden: readonly { readonly filters: number; readonly strides: number }[];
}

const twice = (filters: number) => ({ filters, strides: 2 });

/** By height and width. For 28 they are those of TensorFlow's DCGAN tutorial, for 64 Radford's with half the channels. */
const plans: Readonly<Record<number, Plan>> = {
  28: { kernelSize: 5, start: 7, channels: 256, hidden: [{ filters: 128, strides: 1 }, twice(64)] },
  32: { kernelSize: 4, start: 4, channels: 256, hidden: [twice(128), twice(64)] },
  64: { kernelSize: 4, start: 4, channels: 512, hidden: [twice(256), twice(128), twice(64)] },
};

/**
 * Noise `[latentDim]` → Dense to 7x7x256 (28 by 28), 4x4x256 (32 by 32) or 4x4x512 (64 by 64) → transposed convolutions to
 * 64 channels, each behind batch normalisation (momentum 0.8) and ReLU → one to the image, tanh. Weights begin normally
 * distributed with deviation 0.02.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for images of another size.
 */
export function dcganGenerator(options?: PresetOptions): Sequential {
  const { imageShape, latentDim, seed } = checkPreset('dcganGenerator', options);
  const { kernelSize, start, channels, hidden } = planFor(imageShape);
  const normal = () => randomNormal({ stddev: 0.02 });
  const between = () => [layers.batchNormalization({ momentum: 0.8 }), layers.reLU()];
  const transposed = (options: { filters: number; strides: number }, last = {}) =>
    layers.conv2dTranspose({
      kernelSize,
      padding: 'same',
      useBias: false,
      kernelInitializer: normal(),
      ...options,
      ...last,
    });
  return new Sequential({
    name: 'generator',
    layers: [
      layers.dense({
        units: start * start * channels,
        useBias: false,
        kernelInitializer: normal(),
        inputShape: [latentDim],
      }),
      ...between(),
      layers.reshape({ targetShape: [start, start, channels] }),
      ...hidden.flatMap((options) => [transposed(options), ...between()]),
      transposed(twice(imageShape[2]!), { useBias: true, activation: 'tanh' }),
    ],
    seed,
  });
}

/**
 * Image → convolutions of stride 2 from 64 channels on, with LeakyReLU 0.2, and with dropout 0.3 (28 by 28) or behind batch
 * normalisation, momentum 0.8, from the second on (32 by 32, 64 by 64) → Dense 1 sigmoid: the probability that the image is
 * real. Weights begin normally distributed with deviation 0.02.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for images of another size.
 */
export function dcganDiscriminator(options?: PresetOptions): Sequential {
  const { imageShape, seed } = checkPreset('dcganDiscriminator', options);
  const { kernelSize, start, channels, hidden } = planFor(imageShape);
  const normal = () => randomNormal({ stddev: 0.02 });
  const small = start === 7;
  const widths = [...hidden.map(({ filters }) => filters).reverse(), ...(small ? [] : [channels])];
  const leaky = () => layers.leakyReLU({ negativeSlope: 0.2 });
  const down = (filters: number, i: number): Layer[] => {
    const normalized = !small && i > 0;
    const convolution = layers.conv2d({
      filters,
      kernelSize,
      strides: 2,
      padding: 'same',
      useBias: !normalized,
      kernelInitializer: normal(),
      ...(i === 0 && { inputShape: imageShape }),
    });
    if (small) return [convolution, leaky(), layers.dropout({ rate: 0.3 })];
    return normalized ? [convolution, layers.batchNormalization({ momentum: 0.8 }), leaky()] : [convolution, leaky()];
  };
  return new Sequential({
    name: 'discriminator',
    layers: [
      ...widths.flatMap(down),
      layers.flatten(),
      layers.dense({ units: 1, activation: 'sigmoid', kernelInitializer: normal() }),
    ],
    seed: discriminatorSeed(seed),
  });
}

function planFor(imageShape: Shape): Plan {
  const [height, width] = imageShape;
  const plan = plans[height!];
  if (imageShape.length === 3 && height === width && plan !== undefined) return plan;
  const sizes = Object.keys(plans).map((size) => `[${size}, ${size}, channels]`);
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `the preset dcgan has no networks for images of ${formatShape(imageShape)}; there are some for ${sizes.join(', ')}`,
  );
}
