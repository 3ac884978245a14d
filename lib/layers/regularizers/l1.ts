// Lasso: weights that serve little become 0.
import { builtIn } from '../../built-in.js';
import { checkOptions, type OptionNames } from '../../options.js';
import { absolutePenalty, factorOption, type LayerRegularizer } from './regularizer.js';

/** What `l1` takes. */
export interface L1Options {
  /** From 0 on. Default 0.01. */
  readonly l1?: number | undefined;
}

const optionNames: OptionNames<L1Options> = { l1: true };

/** l1 · Σ |x|. */
export function l1(options?: L1Options): LayerRegularizer {
  const { l1: factor = 0.01 } = checkOptions('layerRegularizers.l1', options, optionNames);
  factorOption('l1', factor);
  return builtIn({ name: 'l1', config: { l1: factor }, penalty: (x) => absolutePenalty(x, factor) });
}
