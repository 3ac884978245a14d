// A dense classifier, with batch normalisation and dropout behind every hidden layer.
import * as layers from '../layers/index.js';
import { assembleClassifier, type Classifier, type ClassifierOptions, type Recipe } from './options.js';

/** What is best for MNIST. */
const recipe: Recipe = {
  epochs: 20,
  batchSize: 128,
  learningRate: 0.002,
  dropout: 0.2,
  labelSmoothing: 0.1,
  translation: 1 / 28,
};

/**
 * Flatten → twice Dense 512, batch normalisation, ReLU, dropout → Dense softmax.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option, `CUDA_GAN_SHAPE` for images of another shape.
 */
export function mlp(options: ClassifierOptions): Classifier {
  return assembleClassifier('mlp', options, recipe, ({ scaled, dropout }) => [
    layers.flatten(),
    ...[512, 512].flatMap((units) => [
      layers.dense({ units: scaled(units), useBias: false }),
      layers.batchNormalization({ momentum: 0.9 }),
      layers.reLU(),
      layers.dropout({ rate: dropout }),
    ]),
  ]);
}
