// What happens to images, real and generated alike, before the discriminator sees them.
import type { Value } from '../../program/value.js';
import type { Spec } from '../spec.js';

/** An augmentation. One of your own is an object of this kind. */
export interface Augmentation extends Spec {
  /**
   * What becomes of images [batch, ...image], which keep their shape; random numbers are drawn from `images.graph`. Gradients
   * flow through it to the generator. `step` is how many steps were done before, a scalar.
   */
  apply(images: Value, step: () => Value): Value;
}
