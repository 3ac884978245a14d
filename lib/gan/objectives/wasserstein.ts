// The Wasserstein distance (Arjovsky, Chintala & Bottou, Wasserstein GAN, 2017): the discriminator is a critic, whose
// logits are no probabilities. It must not grow without bound: clip its weights, or penalise its gradient.
import { builtIn } from '../../built-in.js';
import { mean, negate } from '../../ops/index.js';
import { checkOptions } from '../../options.js';
import type { SeparateObjective } from './objective.js';

/** D: D(G(z)) - D(x). G: -D(G(z)). With `weightClipping` (the paper's) or `gradientPenalty` (Gulrajani et al. 2017). */
export function wasserstein(options?: Readonly<Record<string, never>>): SeparateObjective {
  checkOptions('objectives.wasserstein', options, {});
  return builtIn({
    name: 'wasserstein',
    real: (real) => negate(mean(real)),
    fake: (fake) => mean(fake),
    generator: (fake) => negate(mean(fake)),
  });
}
