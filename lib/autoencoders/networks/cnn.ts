// Convolutional networks: strided convolutions, and transposed ones as their mirror.
import { CudaGanError } from '../../errors.js';
import * as layers from '../../layers/index.js';
import { formatShape, type Shape } from '../../tensor.js';
import type { Coder } from '../pair.js';
import { assembleDecoder, assembleEncoder } from './assemble.js';
import type { CoderPlan } from './options.js';

/** Of convolutions: 4 by 4, a multiple of the stride, so that transposed ones leave no chequered pattern. */
const window = { kernelSize: 4, strides: 2, padding: 'same' } as const;

/** Image → two convolutions that halve the size (32 and 64 channels) and Dense 256, all ReLU → the outputs. */
export function cnnEncoder(plan: CoderPlan, outputs: readonly string[]): Coder {
  requireQuarters(plan.imageShape);
  return assembleEncoder(plan, outputs, () => [
    ...[32, 64].map((filters) => layers.conv2d({ ...window, filters: plan.scaled(filters), activation: 'relu' })),
    layers.flatten(),
    layers.dense({ units: plan.scaled(256), activation: 'relu' }),
  ]);
}

/**
 * Latents → Dense 256 and Dense to a quarter of the image's height and width, 64 channels → a transposed convolution that
 * doubles the size (32 channels), all ReLU → one to the image, sigmoid.
 */
export function cnnDecoder(plan: CoderPlan): Coder {
  const [height, width, channels] = requireQuarters(plan.imageShape);
  const places = [height / 4, width / 4] as const;
  const wide = plan.scaled(64);
  return assembleDecoder(plan, () => [
    layers.dense({ units: plan.scaled(256), activation: 'relu' }),
    layers.dense({ units: places[0] * places[1] * wide, activation: 'relu' }),
    layers.reshape({ targetShape: [...places, wide] }),
    layers.conv2dTranspose({ ...window, filters: plan.scaled(32), activation: 'relu' }),
    layers.conv2dTranspose({ ...window, filters: channels, activation: 'sigmoid' }),
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
