// R1 and R2 (Mescheder, Geiger & Nowozin, Which Training Methods for GANs do actually Converge?, 2018): the discriminator is
// to be flat at real images, or at generated ones.
import { builtIn } from '../../built-in.js';
import { positiveNumber } from '../../checks.js';
import { affine, gradients, mean } from '../../ops/index.js';
import { checkOptions, type OptionNames } from '../../options.js';
import type { Value } from '../../program/value.js';
import { intervalOption, intervalOptions, squaredNorms } from './gradient-norm.js';
import type { Judged, Regularizer } from './regularizer.js';

/** What `r1` and `r2` take. */
export interface ZeroCenteredOptions {
  /** Default 10. What is right grows with the number of pixels: 0.0002 · pixels / batch size is StyleGAN2-ADA's rule. */
  readonly gamma?: number | undefined;
  /** Steps from one penalty to the next, which is so many times as strong. Default 1; StyleGAN2 has 16. */
  readonly interval?: number | undefined;
}

const optionNames: OptionNames<ZeroCenteredOptions> = { gamma: true, interval: true };

/** γ/2 · mean ‖∇D(x)‖² on real images. */
export const r1 = (options?: ZeroCenteredOptions): Regularizer => zeroCentered('r1', 'real', options);

/** γ/2 · mean ‖∇D(G(z))‖² on generated images. */
export const r2 = (options?: ZeroCenteredOptions): Regularizer => zeroCentered('r2', 'fake', options);

function zeroCentered(
  name: 'r1' | 'r2',
  needs: 'real' | 'fake',
  options: ZeroCenteredOptions | undefined,
): Regularizer {
  const { gamma = 10, interval = 1 } = checkOptions(`regularizers.${name}`, options, optionNames);
  positiveNumber('gamma', gamma);
  return builtIn({
    name,
    options: { gamma, ...intervalOptions(interval) },
    needs,
    interval: intervalOption(interval),
    penalty: (update) => affine(meanSquaredNorm(update[needs]!), gamma / 2),
  });
}

function meanSquaredNorm({ images, logits }: Judged): Value {
  const [slope] = gradients([logits], [images]);
  return mean(squaredNorms(slope!));
}
