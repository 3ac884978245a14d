// The networks of the article's script: an MLP generator and an MLP discriminator for images.
import * as layers from '../../layers/index.js';
import type { Model, Prediction } from '../../models/model.js';
import { sizeOf } from '../../tensor.js';
import { assembleDiscriminator, assembleGenerator } from './assemble.js';
import { type DiscriminatorOptions, type NetworkOptions, planDiscriminator, planGenerator } from './options.js';

/**
 * Noise `[latentDim]` → Dense 256, 512, 1024, each with LeakyReLU 0.2 and batch normalisation (momentum 0.8) → Dense
 * tanh → image.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option.
 */
export function mlpGenerator(options?: NetworkOptions): Model<Prediction> {
  const plan = planGenerator('mlpGenerator', options);
  return assembleGenerator(plan, (inputLength) => [
    ...[256, 512, 1024].flatMap((units, i) => [
      layers.dense({ units: plan.scaled(units), ...(i === 0 && { inputShape: [inputLength] }) }),
      layers.leakyReLU({ negativeSlope: 0.2 }),
      layers.batchNormalization({ momentum: 0.8 }),
    ]),
    layers.dense({ units: sizeOf(plan.imageShape), activation: 'tanh' }),
    layers.reshape({ targetShape: plan.imageShape }),
  ]);
}

/**
 * Image → Flatten → Dense 512, 256, each with LeakyReLU 0.2 → Dense 1 sigmoid: the probability that the image is real.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option.
 */
export function mlpDiscriminator(options?: DiscriminatorOptions): Model<Prediction> {
  const plan = planDiscriminator('mlpDiscriminator', options);
  return assembleDiscriminator(plan, (inputShape) => [
    layers.flatten({ inputShape }),
    ...[512, 256].flatMap((units) => [
      layers.dense({ units: plan.scaled(units) }),
      layers.leakyReLU({ negativeSlope: 0.2 }),
    ]),
  ]);
}
