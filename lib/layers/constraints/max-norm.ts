// Max-norm (Srebro & Shraibman 2005; with dropout, Srivastava et al. 2014): norms of weights stay below a bound.
import { builtIn } from '../../built-in.js';
import { positiveNumber } from '../../checks.js';
import { affine, divide, fill, minimum, multiply } from '../../ops/index.js';
import { checkOptions, type OptionNames } from '../../options.js';
import { type AxisOptions, axisOption, type Constraint, epsilon, normsOf } from './constraint.js';

export interface MaxNormOptions extends AxisOptions {
  /** Above 0. Default 2. */
  readonly maxValue?: number | undefined;
}

const optionNames: OptionNames<MaxNormOptions> = { maxValue: true, axis: true };

/** w · min(‖w‖, maxValue) / (‖w‖ + 1e-7), ‖w‖ taken along `axis`. */
export function maxNorm(options?: MaxNormOptions): Constraint {
  const { maxValue = 2, axis = 0 } = checkOptions('constraints.maxNorm', options, optionNames);
  positiveNumber('maxValue', maxValue);
  const axes = axisOption(axis);
  return builtIn({
    name: 'maxNorm',
    config: { maxValue, axis: axes },
    constrain: (weight) => {
      const norms = normsOf(weight, axes);
      const wanted = minimum(norms, fill(weight.graph, [], maxValue));
      return multiply(weight, divide(wanted, affine(norms, 1, epsilon)));
    },
  });
}
