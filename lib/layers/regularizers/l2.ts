// Ridge: weights stay small.
import { builtIn } from '../../built-in.js';
import { checkOptions, type OptionNames } from '../../options.js';
import { factorOption, type LayerRegularizer, squaredPenalty } from './regularizer.js';

/** What `l2` takes. */
export interface L2Options {
  /** From 0 on. Default 0.01. */
  readonly l2?: number | undefined;
}

const optionNames: OptionNames<L2Options> = { l2: true };

/** l2 · Σ x². */
export function l2(options?: L2Options): LayerRegularizer {
  const { l2: factor = 0.01 } = checkOptions('layerRegularizers.l2', options, optionNames);
  factorOption('l2', factor);
  return builtIn({ name: 'l2', config: { l2: factor }, penalty: (x) => squaredPenalty(x, factor) });
}
