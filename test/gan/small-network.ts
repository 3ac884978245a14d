// A feature network for the images of `small-gan.ts`, which takes no time.
import { input, layers, metrics, model } from '../../lib/index';
import { imageShape } from './small-gan';

export const features = 3;
export const classes = 2;

/** Of fixed weights. It tells classes unless it is told not to. */
export function smallNetwork({ version = '1', tellsClasses = true } = {}): metrics.FeatureNetwork {
  const image = input({ shape: imageShape });
  const inner = layers.dense({ units: features, activation: 'tanh' }).apply(layers.flatten().apply(image));
  const outputs = tellsClasses
    ? { features: inner, probabilities: layers.dense({ units: classes, activation: 'softmax' }).apply(inner) }
    : { features: inner };
  const made = model({ inputs: image, outputs, seed: 5, pixelRange: [-1, 1] });
  made.device = 'cpu';
  return new metrics.FeatureNetwork(made, { name: 'small', version });
}
