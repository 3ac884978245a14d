// Weight clipping (Arjovsky, Chintala & Bottou, Wasserstein GAN, 2017), which keeps the critic's slope bounded.
import { builtIn } from '../../built-in.js';
import { positiveNumber } from '../../checks.js';
import { fill, maximum, minimum } from '../../ops/index.js';
import { checkOptions, type OptionNames } from '../../options.js';
import type { Regularizer } from './regularizer.js';

/** What `weightClipping` takes. */
export interface WeightClippingOptions {
  /** Weights are kept in [-limit, limit]. Default 0.01. */
  readonly limit?: number | undefined;
}

const optionNames: OptionNames<WeightClippingOptions> = { limit: true };

/** Brings every weight of the discriminator that trains back into [-limit, limit] after each of its updates. */
export function weightClipping(options?: WeightClippingOptions): Regularizer {
  const { limit = 0.01 } = checkOptions('regularizers.weightClipping', options, optionNames);
  positiveNumber('limit', limit);
  return builtIn({
    name: 'weightClipping',
    options: { limit },
    constrain: (weight) => minimum(maximum(weight, fill(weight.graph, [], -limit)), fill(weight.graph, [], limit)),
  });
}
