// What the two networks are trained for: functions of the discriminator's logits D(x), [batch, 1], to losses.
import { add } from '../../ops/index.js';
import { requireReturned } from '../../program/returned.js';
import type { Value } from '../../program/value.js';
import type { Spec } from '../spec.js';

interface Named extends Spec {
  /**
   * The logit above which an image counts as real, for `dAccuracy`. Absent where a logit says nothing by itself: then a real
   * image is told right when its logit is above that of the generated one beside it.
   */
  readonly threshold?: number | undefined;
  /** Whether the sigmoid of a logit is the probability that the image is real. Default false. */
  readonly logOdds?: boolean | undefined;
}

/**
 * An objective that judges each image by itself: the discriminator's loss is that of the real images plus that of the
 * generated ones.
 */
export interface SeparateObjective extends Named {
  /** Loss of the discriminator on real images, from their logits: a scalar. */
  real(real: Value): Value;
  /** Loss of the discriminator on generated images, from their logits: a scalar. */
  fake(fake: Value): Value;
  /** Loss of the generator, from the logits of its images: a scalar. */
  generator(fake: Value): Value;
}

/** An objective that compares real with generated images: there are as many of one as of the other. */
export interface PairedObjective extends Named {
  /** Loss of the discriminator, from the logits of both: a scalar. */
  discriminator(real: Value, fake: Value): Value;
  /** Loss of the generator, from the logits of both: a scalar. */
  generator(fake: Value, real: Value): Value;
}

/** What the two networks are trained for. One of your own is an object of this kind. */
export type Objective = SeparateObjective | PairedObjective;

/** Whether it needs real and generated images at once. @internal */
export function isPaired(objective: Objective): objective is PairedObjective {
  return 'discriminator' in objective;
}

/** Loss of the discriminator on as many real as generated images at once. @internal */
export function discriminatorLoss(objective: Objective, real: Value, fake: Value): Value {
  return isPaired(objective)
    ? requireLoss(objective, 'discriminator', objective.discriminator(real, fake))
    : add(requireLoss(objective, 'real', objective.real(real)), requireLoss(objective, 'fake', objective.fake(fake)));
}

/** Loss of the generator; `real` is needed where the objective compares. @internal */
export function generatorLoss(objective: Objective, fake: Value, real: Value | undefined): Value {
  const loss = isPaired(objective) ? objective.generator(fake, real!) : objective.generator(fake);
  return requireLoss(objective, 'generator', loss);
}

/** @internal @throws CudaGanError as `requireReturned`, for what a function of an objective returns in place of a loss. */
export function requireLoss({ name }: Objective, of: string, loss: Value): Value {
  return requireReturned(`${of} of the objective ${name}`, loss, []);
}
