// Generators and discriminators from their hidden layers: a stack where there are no labels, else a graph with a second
// input, or a second output.
import type { InitializerLike } from '../../initializers/index.js';
import type { DenseOptions } from '../../layers/dense.js';
import * as layers from '../../layers/index.js';
import { input } from '../../layers/input.js';
import type { Layer } from '../../layers/layer.js';
import type { SymbolicTensor } from '../../layers/symbolic-tensor.js';
import { model } from '../../models/functional.js';
import type { Model, Prediction, Predictions } from '../../models/model.js';
import { Sequential } from '../../models/sequential.js';
import { type Shape, sizeOf } from '../../tensor.js';
import type { NetworkPlan } from './options.js';

/** Length of the vector that stands for a label beside noise. */
const labelLength = 50;

/** `stack` makes the layers from a vector of so many numbers to an image. */
export function assembleGenerator(
  plan: NetworkPlan,
  stack: (inputLength: number) => readonly Layer[],
): Model<Prediction> {
  const { latentDim, conditioning, classes, seed } = plan;
  const name = 'generator';
  if (conditioning === undefined) return new Sequential({ name, layers: stack(latentDim), seed });
  const noise = input({ shape: [latentDim], name: 'noise' });
  const label = input({ shape: [], dtype: 'int32', name: 'label' });
  const vector = layers.embedding({ inputDim: classes, outputDim: labelLength }).apply(label);
  const both = layers.concatenate().apply([noise, vector]);
  const image = through(stack(latentDim + labelLength), both);
  return model({ name, inputs: [noise, label], outputs: image, seed });
}

/** What the layers that are added to a discriminator's features are like. */
interface Heads {
  /** Of the dense ones. */
  readonly kernelInitializer?: InitializerLike;
  /** Around every one that has weights. */
  readonly around?: (layer: Layer) => Layer;
}

/** `stack` makes the layers from an image of such a shape to a vector of features. */
export function assembleDiscriminator(
  plan: NetworkPlan,
  stack: (imageShape: Shape) => readonly Layer[],
  { kernelInitializer, around = (layer) => layer }: Heads = {},
): Model<Prediction> {
  const { imageShape, conditioning, classes, seed, outputActivation } = plan;
  const name = 'discriminator';
  const dense = (options: DenseOptions) => around(layers.dense({ kernelInitializer, ...options }));
  const embedding = (outputDim: number) => around(layers.embedding({ inputDim: classes, outputDim }));
  const validity = (options = {}) => dense({ units: 1, activation: outputActivation, ...options });
  if (conditioning === undefined) {
    return new Sequential({ name, layers: [...stack(imageShape), validity()], seed });
  }
  const image = input({ shape: imageShape, name: 'image' });
  if (conditioning === 'auxiliaryClassifier') {
    const features = through(stack(imageShape), image);
    const outputs = {
      validity: validity({ name: 'validity' }).apply(features),
      label: dense({ units: classes, activation: 'softmax', name: 'label' }).apply(features),
    };
    return model({ name, inputs: image, outputs, seed }) as Model<Predictions> as Model<Prediction>;
  }
  const label = input({ shape: [], dtype: 'int32', name: 'label' });
  const inputs = [image, label];
  if (conditioning === 'concatenation') {
    // One more channel, beside those of the image.
    const [places, channels] = [imageShape.slice(0, -1), imageShape.at(-1)!];
    const vector = embedding(sizeOf(places)).apply(label);
    const plane = layers.reshape({ targetShape: [...places, 1] }).apply(vector);
    const both = layers.concatenate().apply([image, plane]);
    const outputs = validity().apply(through(stack([...places, channels + 1]), both));
    return model({ name, inputs, outputs, seed });
  }
  const features = through(stack(imageShape), image);
  const vector = embedding(features.shape[0]!).apply(label);
  const product = layers.dot().apply([features, vector]);
  const logit = layers.add().apply([validity({ activation: 'linear' }).apply(features), product]);
  if (outputActivation === 'linear') return model({ name, inputs, outputs: logit, seed });
  const outputs = layers.activation({ activation: outputActivation }).apply(logit);
  return model({ name, inputs, outputs, seed });
}

function through(stack: readonly Layer[], x: SymbolicTensor): SymbolicTensor {
  return stack.reduce<SymbolicTensor>((value, layer) => layer.apply(value), x);
}
