// Models and data of the golden trainings (test/golden/make_keras.py), and other small ones.
import {
  layers,
  type Model,
  optimizers,
  Sequential,
  type SequentialOptions,
  type Tensor,
  tensor,
} from '../../lib/index';
import { RandomStream } from '../../lib/random/random-stream';
import { type Shape, sizeOf } from '../../lib/tensor';
import { floats, keras } from '../support/keras';

/** Two dense layers; binary targets of `keras.fit`. */
export async function binaryModel(options: SequentialOptions = {}): Promise<Sequential> {
  const model = new Sequential({
    layers: [
      layers.dense({ units: 5, activation: 'tanh', inputShape: [4] }),
      layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
    ...options,
  });
  await model.setWeights(keras.fit.weights.map(floats));
  model.compile({
    optimizer: optimizers.sgd({ learningRate: 1 / 8, momentum: 0.875 }),
    loss: 'binaryCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

export const binaryData: readonly [x: Tensor, y: Tensor] = [floats(keras.fit.x), floats(keras.fit.y)];

/** With batch normalisation; three classes of `keras.trainOnBatch`. */
export async function classifier(options: SequentialOptions = {}): Promise<Sequential> {
  const model = new Sequential({
    layers: [
      layers.dense({ units: 8, inputShape: [6] }),
      layers.leakyReLU({ negativeSlope: 0.2 }),
      layers.batchNormalization({ momentum: 0.8 }),
      layers.dense({ units: 3, activation: 'softmax' }),
    ],
    ...options,
  });
  await model.setWeights(keras.trainOnBatch.weights.map(floats));
  model.compile({
    optimizer: optimizers.adam({ learningRate: 1 / 128, beta1: 0.5, beta2: 1 - 2 ** -10 }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

/** A dense layer [inputs] → [units] by itself, compiled for mean squared error. */
export function linearModel({ inputs = 2, units = 1, learningRate = 0.01, seed = 1 } = {}): Sequential {
  const model = new Sequential({ layers: [layers.dense({ units, inputShape: [inputs] })], seed });
  model.compile({ optimizer: optimizers.sgd({ learningRate }), loss: 'meanSquaredError' });
  return model;
}

/** Standard normal numbers. */
export function normalTensor(shape: Shape, seed = 1): Tensor<Float32Array> {
  const random = new RandomStream(seed, 0);
  return tensor(
    Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
    shape,
  );
}

/** Contents of all weights. */
export async function contents(model: Model): Promise<Float32Array[]> {
  return (await model.getWeights()).map(({ data }) => data);
}
