// The game of the first GANs (Goodfellow et al., Generative Adversarial Nets, 2014): the discriminator tells real from
// generated images by cross-entropy.
import { builtIn } from '../../built-in.js';
import { numberIn } from '../../checks.js';
import { binaryCrossentropy, fill, mean, negate } from '../../ops/index.js';
import { checkOptions, type OptionNames } from '../../options.js';
import type { Value } from '../../program/value.js';
import type { SeparateObjective } from './objective.js';

/** What `nonSaturating` and `minimax` take. */
export interface CrossEntropyOptions {
  /**
   * What the target of real images is below 1: 0.1 makes it 0.9. Generated images keep 0 (one-sided label smoothing, Salimans
   * et al., Improved Techniques for Training GANs, 2016). In [0, 0.5). Default 0.
   */
  readonly labelSmoothing?: number | undefined;
}

/** @internal */
export const labelSmoothingNames: OptionNames<CrossEntropyOptions> = { labelSmoothing: true };

/**
 * The article's objective. D: softplus(-D(x)) + softplus(D(G(z))). G, which does not saturate where D is sure:
 * softplus(-D(G(z))) (Goodfellow et al. 2014).
 */
export function nonSaturating(options?: CrossEntropyOptions): SeparateObjective {
  return builtIn({ ...crossEntropy('nonSaturating', options), generator: (fake) => entropy(fake, 1) });
}

/**
 * The zero-sum game: D as `nonSaturating`, G: -softplus(D(G(z))), the negative of what D minimises (Goodfellow et al. 2014,
 * equation 1). G learns little while D is sure.
 */
export function minimax(options?: CrossEntropyOptions): SeparateObjective {
  return builtIn({ ...crossEntropy('minimax', options), generator: (fake) => negate(entropy(fake, 0)) });
}

function crossEntropy(name: 'nonSaturating' | 'minimax', given: CrossEntropyOptions | undefined) {
  const { labelSmoothing = 0 } = checkOptions(`objectives.${name}`, given, labelSmoothingNames);
  numberIn('labelSmoothing', labelSmoothing, 0, 0.5);
  return {
    name,
    options: { ...(labelSmoothing > 0 && { labelSmoothing }) },
    threshold: 0,
    logOdds: true,
    real: (real: Value) => entropy(real, 1 - labelSmoothing),
    fake: (fake: Value) => entropy(fake, 0),
  };
}

function entropy(logits: Value, target: number): Value {
  return mean(binaryCrossentropy(logits, fill(logits.graph, logits.shape, target)));
}
