// A GAN of the article's kind, small enough to train in milliseconds, and what the tests ask of it.
import { GAN, type GanOptions, layers, Sequential, type Tensor } from '../../lib/index';
import { RandomStream } from '../../lib/random/random-stream';

export const latentDim = 4;
export const imageShape = [4, 4, 1];
export const negativeSlope = 0.25;

export function smallGenerator(seed?: number): Sequential {
  const hidden = [6, 10].flatMap((units, i) => [
    layers.dense(i === 0 ? { units, inputShape: [latentDim] } : { units }),
    layers.leakyReLU({ negativeSlope }),
    layers.batchNormalization({ momentum: 0.8 }),
  ]);
  const output = [layers.dense({ units: 16, activation: 'tanh' }), layers.reshape({ targetShape: imageShape })];
  return new Sequential({ name: 'generator', layers: [...hidden, ...output], seed });
}

export function smallDiscriminator(seed?: number): Sequential {
  return new Sequential({
    name: 'discriminator',
    layers: [
      layers.flatten({ inputShape: imageShape }),
      layers.dense({ units: 8 }),
      layers.leakyReLU({ negativeSlope }),
      layers.dense({ units: 5 }),
      layers.leakyReLU({ negativeSlope }),
      layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
    seed,
  });
}

export function smallGan(options: GanOptions = {}): GAN {
  const { seed = 1 } = options;
  return new GAN({ generator: smallGenerator(seed), discriminator: smallDiscriminator(seed), ...options, seed });
}

/** Random pixels [rows, 4, 4, 1]. */
export function smallImages(rows = 12): Tensor<Uint8Array> {
  const random = new RandomStream(3, 0);
  return { shape: [rows, ...imageShape], data: Uint8Array.from({ length: rows * 16 }, () => random.integer(256)) };
}

/** All weights of both networks. */
export async function weightsOf(gan: GAN): Promise<{ generator: Float32Array[]; discriminator: Float32Array[] }> {
  const [generator, discriminator] = await Promise.all([gan.generator.getWeights(), gan.discriminator.getWeights()]);
  return { generator: generator.map(({ data }) => data), discriminator: discriminator.map(({ data }) => data) };
}
