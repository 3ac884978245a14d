// What is added to the discriminator's loss, or done to its weights, so that it stays one that a generator can learn from.
import type { Value } from '../../program/value.js';
import type { Spec } from '../spec.js';

/** Images of one kind in an update of the discriminator. */
export interface Judged {
  /** [batch, ...image], as they are before augmentation. */
  readonly images: Value;
  /** What the discriminator says of them, [batch, 1]. */
  readonly logits: Value;
}

/** An update of the discriminator. */
export interface DiscriminatorUpdate {
  /** There in updates on real images. */
  readonly real?: Judged | undefined;
  /** There in updates on generated images. */
  readonly fake?: Judged | undefined;
  /**
   * The discriminator's logits of other images, [batch, 1], in the same mode and through the same augmentations, with the
   * labels of the real ones where there are labels. Its moving statistics stay.
   */
  judge(images: Value): Value;
}

/** A regularizer of the discriminator. One of your own is an object of this kind. */
export interface Regularizer extends Spec {
  /**
   * Added to the loss, a scalar; the figure of the regularizer's name. Called where the images are that `needs` names.
   */
  penalty?(update: DiscriminatorUpdate): Value;
  /** Which images the penalty needs: those of one half, or both in one update. Default `both`. */
  readonly needs?: 'real' | 'fake' | 'both' | undefined;
  /**
   * Every how many steps it is added, that many times as strong (lazy regularization, Karras et al., Analyzing and Improving
   * the Image Quality of StyleGAN, 2020, appendix B). Default 1.
   */
  readonly interval?: number | undefined;
  /** What a weight of the discriminator, a tensor of its shape, becomes after every update. */
  constrain?(weight: Value): Value;
}

/** The images that are there in an update on both. @internal */
export function both({ real, fake }: DiscriminatorUpdate): { readonly real: Judged; readonly fake: Judged } {
  return { real: real!, fake: fake! };
}
