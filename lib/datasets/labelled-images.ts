// What every data set of images with classes comes as, so that each fits whatever takes one of them.
import type { NamedTensor, OwnInt32Array, OwnUint8Array, Tensor } from '../tensor.js';

/** The two parts that a data set was published in. */
export type Split = 'train' | 'test';

/** Images with their classes. */
export interface LabelledImages {
  /** Pixels [n, height, width, channels], 0 to 255. */
  readonly images: NamedTensor<OwnUint8Array>;
  /** Class numbers [n]: places in `classes`. */
  readonly labels: Tensor<OwnInt32Array>;
  /** Names of the classes. */
  readonly classes: readonly string[];
}
