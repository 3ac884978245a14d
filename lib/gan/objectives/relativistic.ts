// Relativistic objectives (Jolicoeur-Martineau, The Relativistic Discriminator, 2018): an image is judged by how much more
// real it looks than those of the other side.
import { builtIn } from '../../built-in.js';
import { add, mean, softplus, subtract } from '../../ops/index.js';
import { checkOptions } from '../../options.js';
import type { Value } from '../../program/value.js';
import type { PairedObjective } from './objective.js';

/**
 * Each image against one of the other side. D: softplus(-(D(x) - D(G(z)))). G: softplus(-(D(G(z)) - D(x))). It is what R3GAN
 * trains by (Huang et al., The GAN is dead; long live the GAN!, 2024).
 */
export function relativisticPaired(options?: Readonly<Record<string, never>>): PairedObjective {
  checkOptions('objectives.relativisticPaired', options, {});
  return builtIn({
    name: 'relativisticPaired',
    discriminator: (real, fake) => meanSoftplus(subtract(fake, real)),
    generator: (fake, real) => meanSoftplus(subtract(real, fake)),
  });
}

/**
 * Each image against the mean of the other side. D: softplus(-(D(x) - mean D(G(z)))) + softplus(D(G(z)) - mean D(x)); G: the
 * same with the sides exchanged.
 */
export function relativisticAverage(options?: Readonly<Record<string, never>>): PairedObjective {
  checkOptions('objectives.relativisticAverage', options, {});
  const loss = (above: Value, below: Value) =>
    add(meanSoftplus(subtract(mean(below), above)), meanSoftplus(subtract(below, mean(above))));
  return builtIn({
    name: 'relativisticAverage',
    discriminator: (real, fake) => loss(real, fake),
    generator: (fake, real) => loss(fake, real),
  });
}

function meanSoftplus(x: Value): Value {
  return mean(softplus(x));
}
