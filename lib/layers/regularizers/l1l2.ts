// Elastic net: both at once.
import { builtIn } from '../../built-in.js';
import { add } from '../../ops/index.js';
import { checkOptions, type OptionNames } from '../../options.js';
import { absolutePenalty, factorOption, type LayerRegularizer, squaredPenalty } from './regularizer.js';

/** What `l1l2` takes. */
export interface L1L2Options {
  /** From 0 on. Default 0; 0.01 where no options are given. */
  readonly l1?: number | undefined;
  /** From 0 on. Default 0; 0.01 where no options are given. */
  readonly l2?: number | undefined;
}

const optionNames: OptionNames<L1L2Options> = { l1: true, l2: true };

/** l1 · Σ |x| + l2 · Σ x². */
export function l1l2(options: L1L2Options = { l1: 0.01, l2: 0.01 }): LayerRegularizer {
  const { l1 = 0, l2 = 0 } = checkOptions('layerRegularizers.l1l2', options, optionNames);
  factorOption('l1', l1);
  factorOption('l2', l2);
  return builtIn({
    name: 'l1l2',
    config: { l1, l2 },
    penalty: (x) => add(absolutePenalty(x, l1), squaredPenalty(x, l2)),
  });
}
