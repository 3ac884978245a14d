// Weights of norm 1.
import { builtIn } from '../../built-in.js';
import { affine, divide } from '../../ops/index.js';
import { checkOptions, type OptionNames } from '../../options.js';
import { type AxisOptions, axisOption, type Constraint, epsilon, normsOf } from './constraint.js';

/** What `unitNorm` takes. */
export type UnitNormOptions = AxisOptions;

const optionNames: OptionNames<UnitNormOptions> = { axis: true };

/** w / (‖w‖ + 1e-7), ‖w‖ taken along `axis`. */
export function unitNorm(options?: UnitNormOptions): Constraint {
  const { axis = 0 } = checkOptions('constraints.unitNorm', options, optionNames);
  const axes = axisOption(axis);
  return builtIn({
    name: 'unitNorm',
    config: { axis: axes },
    constrain: (weight) => divide(weight, affine(normsOf(weight, axes), 1, epsilon)),
  });
}
