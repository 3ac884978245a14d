// Initializers and regularizers as TensorFlow.js has them, where it calls them otherwise than Keras.
import { isKerasObject, type KerasConfig, type KerasObject, ownValue } from '../keras/keras-object.js';

const parts: Readonly<Record<string, (config: KerasConfig) => KerasObject>> = {
  L1: ({ l1 }) => ({ class_name: 'L1L2', config: { l1, l2: 0 } }),
  L2: ({ l2 }) => ({ class_name: 'L1L2', config: { l1: 0, l2 } }),
  LecunNormal: ({ seed }) => lecun('truncated_normal', seed),
  LecunUniform: ({ seed }) => lecun('uniform', seed),
};

/** What the initializers of LeCun, Glorot and He have in common, by which Keras knows them, too. */
function lecun(distribution: string, seed: unknown): KerasObject {
  return { class_name: 'VarianceScaling', config: { scale: 1, mode: 'fan_in', distribution, seed } };
}

/** The value of an option of a layer. */
export function tfjsPart(value: unknown): unknown {
  if (!isKerasObject(value)) return value;
  return ownValue(parts, value.class_name)?.(value.config) ?? value;
}
