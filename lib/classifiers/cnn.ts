// A convolutional classifier: blocks of two convolutions with batch normalisation, each halving the image.
import { CudaGanError } from '../errors.js';
import * as layers from '../layers/index.js';
import type { Layer } from '../layers/layer.js';
import { formatShape, type Shape } from '../tensor.js';
import { assembleClassifier, type Classifier, type ClassifierOptions, type Recipe } from './options.js';

/** What is best for MNIST. */
const recipe: Recipe = {
  epochs: 24,
  batchSize: 128,
  learningRate: 0.002,
  dropout: 0.2,
  labelSmoothing: 0.1,
  translation: 1 / 14,
};

/** Height or width, about, of what the dense layers are given. */
const lastSize = 7;
const leastSize = 4;

/**
 * As many blocks as bring the image to about 7 pixels (two for 28): two 3x3 convolutions of 16 channels, in every further block
 * twice as many up to 128, each behind batch normalisation and ReLU, then max-pooling → dropout, Dense 64 ReLU, dropout → Dense
 * softmax.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option, `CUDA_GAN_SHAPE` for images of less than 4 pixels a side.
 */
export function cnn(options: ClassifierOptions): Classifier {
  return assembleClassifier('cnn', options, recipe, ({ imageShape, scaled, dropout }) => [
    ...Array.from({ length: blocksFor(imageShape) }, (_, i) => block(scaled(Math.min(16 * 2 ** i, 128)))).flat(),
    layers.flatten(),
    layers.dropout({ rate: dropout }),
    layers.dense({ units: scaled(64), activation: 'relu' }),
    layers.dropout({ rate: dropout }),
  ]);
}

function block(filters: number): readonly Layer[] {
  return [...convolution(filters), ...convolution(filters), layers.maxPooling2d()];
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
