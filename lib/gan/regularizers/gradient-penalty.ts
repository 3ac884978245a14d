// The gradient penalty (Gulrajani et al., Improved Training of Wasserstein GANs, 2017): on lines between real and generated
// images the critic's slope is to be 1.
import { builtIn } from '../../built-in.js';
import { nonNegativeNumber, positiveNumber } from '../../checks.js';
import { add, affine, gradients, mean, multiply, randomUniform, sqrt, square, subtract } from '../../ops/index.js';
import { checkOptions, type OptionNames } from '../../options.js';
import { intervalOption, intervalOptions, squaredNorms } from './gradient-norm.js';
import { both, type Regularizer } from './regularizer.js';

/** What `gradientPenalty` takes. */
export interface GradientPenaltyOptions {
  /** Default 10. */
  readonly weight?: number | undefined;
  /** What the norm of the gradient is to be, from 0 on. Default 1. */
  readonly target?: number | undefined;
  /** Steps from one penalty to the next, which is so many times as strong. Default 1. */
  readonly interval?: number | undefined;
}

const optionNames: OptionNames<GradientPenaltyOptions> = { weight: true, target: true, interval: true };

/** Keeps the slope of the norm finite where the gradient is zero. */
const epsilon = 1e-12;

/**
 * weight · mean (‖∇D(x̂)‖ - target)², where x̂ = ε x + (1 - ε) G(z), ε uniform in [0, 1) for each pair. D should have no batch
 * normalisation: the gradient of an image would depend on the others.
 */
export function gradientPenalty(options?: GradientPenaltyOptions): Regularizer {
  const { weight = 10, target = 1, interval = 1 } = checkOptions('regularizers.gradientPenalty', options, optionNames);
  positiveNumber('weight', weight);
  nonNegativeNumber('target', target);
  return builtIn({
    name: 'gradientPenalty',
    options: { weight, target, ...intervalOptions(interval) },
    needs: 'both',
    interval: intervalOption(interval),
    penalty: (update) => {
      const { real, fake } = both(update);
      const [batch, ...image] = real.images.shape as [number, ...number[]];
      const share = randomUniform(real.images.graph, [batch, ...image.map(() => 1)]);
      const between = add(fake.images, multiply(share, subtract(real.images, fake.images)));
      const [slope] = gradients([update.judge(between)], [between]);
      const norms = sqrt(affine(squaredNorms(slope!), 1, epsilon));
      return affine(mean(square(affine(norms, 1, -target))), weight);
    },
  });
}
