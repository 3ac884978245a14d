// The hinge (Lim & Ye, Geometric GAN, 2017; Miyato et al., Spectral Normalization for GANs, 2018).
import { builtIn } from '../../built-in.js';
import { affine, mean, negate, relu } from '../../ops/index.js';
import { checkOptions } from '../../options.js';
import type { SeparateObjective } from './objective.js';

/** D: max(0, 1 - D(x)) + max(0, 1 + D(G(z))). G: -D(G(z)). */
export function hinge(options?: Readonly<Record<string, never>>): SeparateObjective {
  checkOptions('objectives.hinge', options, {});
  return builtIn({
    name: 'hinge',
    threshold: 0,
    real: (real) => mean(relu(affine(real, -1, 1))),
    fake: (fake) => mean(relu(affine(fake, 1, 1))),
    generator: (fake) => negate(mean(fake)),
  });
}
