// A convolutional classifier: blocks of convolutions with batch normalisation, each of which halves the image.
import { CudaGanError } from '../errors.js';
import * as layers from '../layers/index.js';
import type { Layer } from '../layers/layer.js';
import { formatShape, type Shape } from '../tensor.js';
import { assembleClassifier, type Classifier, type ClassifierOptions, type Recipe } from './options.js';

/** What is best for MNIST. */
const recipe: Recipe = {
  epochs: 12,
  batchSize: 128,
  learningRate: 0.002,
  dropout: 0.4,
  labelSmoothing: 0.1,
  translation: 1 / 14,
};

/** Channels of the convolutions of each block: the first works on most places, and has few. Further blocks are as the last. */
const blocks: readonly (readonly number[])[] = [[32], [64, 64], [128]];

/** Height or width, about, of what the dense layers are given. */
const lastSize = 3.5;
const leastSize = 4;

/**
 * As many blocks as bring the image to three or four pixels, three for 28: one 3x3 convolution of 32 channels, two of 64, one of
 * 128, each behind batch normalisation and ReLU, and max-pooling at the end of each block → dropout, Dense 128 ReLU, dropout →
 * Dense softmax.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option, `CUDA_GAN_SHAPE` for images of less than 4 pixels a side.
 */
export function cnn(options: ClassifierOptions): Classifier {
  return assembleClassifier('cnn', options, recipe, ({ imageShape, scaled, dropout }) => [
    ...Array.from({ length: blocksFor(imageShape) }, (_, i) => block((blocks[i] ?? blocks.at(-1)!).map(scaled))).flat(),
    layers.flatten(),
    layers.dropout({ rate: dropout }),
    layers.dense({ units: scaled(128), activation: 'relu' }),
    layers.dropout({ rate: dropout }),
  ]);
}

function block(channels: readonly number[]): readonly Layer[] {
  return [...channels.flatMap(convolution), layers.maxPooling2d()];
}

function convolution(filters: number): readonly Layer[] {
  return [
    layers.conv2d({ filters, kernelSize: 3, padding: 'same', useBias: false }),
    layers.batchNormalization({ momentum: 0.9 }),
    layers.reLU(),
  ];
}

function blocksFor(imageShape: Shape): number {
  const side = Math.min(imageShape[0]!, imageShape[1]!);
  if (side >= leastSize) return Math.max(1, Math.round(Math.log2(side / lastSize)));
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `classifiers.cnn is for images of ${leastSize} pixels a side and more, found ${formatShape(imageShape)}`,
  );
}
