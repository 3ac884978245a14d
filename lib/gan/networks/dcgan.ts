// DCGAN (Radford, Metz & Chintala, Unsupervised Representation Learning with Deep Convolutional GANs, 2016): strided and
// transposed convolutions in place of pooling, no hidden dense layers.
import { oneOf } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import { heNormal, randomNormal } from '../../initializers/index.js';
import * as layers from '../../layers/index.js';
import type { Layer } from '../../layers/layer.js';
import type { Model, Prediction } from '../../models/model.js';
import { checkOptions } from '../../options.js';
import { formatShape, type Shape } from '../../tensor.js';
import { assembleDiscriminator, assembleGenerator } from './assemble.js';
import {
  type DiscriminatorOptions,
  discriminatorOptionNames,
  type NetworkOptions,
  networkOptionNames,
  planNetwork,
  withSecondSeed,
} from './options.js';

/** What `dcganGenerator` takes. */
export interface DcganGeneratorOptions extends NetworkOptions {
  /** `batch`: DCGAN's. `none`: R3GAN's; weights then begin by He's rule, and LeakyReLU 0.2 is in ReLU's place. Default `batch`. */
  readonly normalization?: 'batch' | 'none' | undefined;
}

/** What `dcganDiscriminator` takes. */
export interface DcganDiscriminatorOptions extends DiscriminatorOptions {
  /**
   * `batch`: of each convolution but the first. `spectral`: of all weights. `none`: weights then begin by He's rule.
   * `dropout`: none, but dropout 0.3 behind every convolution. Default: `dropout` for 28 by 28, else `batch`.
   */
  readonly normalization?: 'batch' | 'spectral' | 'none' | 'dropout' | undefined;
}

/** The networks for images of one size. */
interface Sizes {
  readonly kernelSize: number;
  /** The generator begins with so many channels of `start` by `start` places. */
  readonly start: number;
  readonly channels: number;
  /** Its hidden transposed convolutions, first to last; one more makes the image. The discriminator mirrors them. */
  readonly hidden: readonly { readonly filters: number; readonly strides: number }[];
}

const twice = (filters: number) => ({ filters, strides: 2 });

/** By height and width. For 28 they are those of TensorFlow's DCGAN tutorial, for 64 Radford's with half the channels. */
const sizes: Readonly<Record<number, Sizes>> = {
  28: { kernelSize: 5, start: 7, channels: 256, hidden: [{ filters: 128, strides: 1 }, twice(64)] },
  32: { kernelSize: 4, start: 4, channels: 256, hidden: [twice(128), twice(64)] },
  64: { kernelSize: 4, start: 4, channels: 512, hidden: [twice(256), twice(128), twice(64)] },
};

const initializer = (normalization: string) => (normalization === 'none' ? heNormal() : randomNormal({ stddev: 0.02 }));

/**
 * Noise `[latentDim]` → Dense to 7x7x256 (28 by 28), 4x4x256 (32 by 32) or 4x4x512 (64 by 64) → transposed convolutions to
 * 64 channels, each behind batch normalisation (momentum 0.8) and ReLU → one to the image, tanh. Weights begin normally
 * distributed with deviation 0.02.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for images of another size.
 */
export function dcganGenerator(options?: DcganGeneratorOptions): Model<Prediction> {
  const { normalization = 'batch', ...given } = checkOptions<DcganGeneratorOptions>('dcganGenerator', options, {
    ...networkOptionNames,
    normalization: true,
  });
  oneOf('normalization', ['batch', 'none'], normalization);
  const plan = planNetwork(given);
  const { kernelSize, start, channels, hidden } = sizesFor(plan.imageShape);
  const common = () => ({ useBias: normalization === 'none', kernelInitializer: initializer(normalization) });
  const between = (): Layer[] =>
    normalization === 'none'
      ? [layers.leakyReLU({ negativeSlope: 0.2 })]
      : [layers.batchNormalization({ momentum: 0.8 }), layers.reLU()];
  const transposed = (options: { filters: number; strides: number }, last = {}) =>
    layers.conv2dTranspose({ kernelSize, padding: 'same', ...common(), ...options, ...last });
  const first = plan.scaled(channels);
  return assembleGenerator(plan, (inputLength) => [
    layers.dense({ units: start * start * first, ...common(), inputShape: [inputLength] }),
    ...between(),
    layers.reshape({ targetShape: [start, start, first] }),
    ...hidden.flatMap(({ filters, strides }) => [transposed({ filters: plan.scaled(filters), strides }), ...between()]),
    transposed(twice(plan.imageShape[2]!), {
      useBias: true,
      activation: 'tanh',
      kernelInitializer: randomNormal({ stddev: 0.02 }),
    }),
  ]);
}

/**
 * Image → convolutions of stride 2 from 64 channels on, with LeakyReLU 0.2, and with dropout 0.3 (28 by 28) or behind batch
 * normalisation, momentum 0.8, from the second on (32 by 32, 64 by 64) → Dense 1 sigmoid: the probability that the image is
 * real. Weights begin normally distributed with deviation 0.02.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for images of another size.
 */
export function dcganDiscriminator(options?: DcganDiscriminatorOptions): Model<Prediction> {
  const { normalization: wanted, ...given } = checkOptions<DcganDiscriminatorOptions>('dcganDiscriminator', options, {
    ...discriminatorOptionNames,
    normalization: true,
  });
  const plan = withSecondSeed(planNetwork(given));
  const { kernelSize, start, channels, hidden } = sizesFor(plan.imageShape);
  const small = start === 7;
  const normalization = wanted ?? (small ? 'dropout' : 'batch');
  oneOf('normalization', ['batch', 'spectral', 'none', 'dropout'], normalization);
  const spectral = (layer: Layer) => (normalization === 'spectral' ? layers.spectralNormalization({ layer }) : layer);
  const widths = [...hidden.map(({ filters }) => filters).reverse(), ...(small ? [] : [channels])];
  const down = (filters: number, i: number, inputShape: Shape): Layer[] => {
    const normalized = normalization === 'batch' && i > 0;
    const convolution = layers.conv2d({
      filters: plan.scaled(filters),
      kernelSize,
      strides: 2,
      padding: 'same',
      useBias: !normalized,
      kernelInitializer: initializer(normalization),
      ...(i === 0 && { inputShape }),
    });
    return [
      spectral(convolution),
      ...(normalized ? [layers.batchNormalization({ momentum: 0.8 })] : []),
      layers.leakyReLU({ negativeSlope: 0.2 }),
      ...(normalization === 'dropout' ? [layers.dropout({ rate: 0.3 })] : []),
    ];
  };
  return assembleDiscriminator(
    plan,
    (inputShape) => [...widths.flatMap((filters, i) => down(filters, i, inputShape)), layers.flatten()],
    { kernelInitializer: randomNormal({ stddev: 0.02 }), around: spectral },
  );
}

function sizesFor(imageShape: Shape): Sizes {
  const [height, width] = imageShape;
  const found = sizes[height!];
  if (imageShape.length === 3 && height === width && found !== undefined) return found;
  const known = Object.keys(sizes).map((size) => `[${size}, ${size}, channels]`);
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `dcgan has no networks for images of ${formatShape(imageShape)}; there are some for ${known.join(', ')}`,
  );
}
