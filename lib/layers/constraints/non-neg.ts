// Weights from 0 on.
import { builtIn } from '../../built-in.js';
import { fill, maximum } from '../../ops/index.js';
import { checkOptions } from '../../options.js';
import type { Constraint } from './constraint.js';

/** max(w, 0). */
export function nonNeg(options?: Readonly<Record<string, never>>): Constraint {
  checkOptions<object>('constraints.nonNeg', options, {});
  return builtIn({ name: 'nonNeg', config: {}, constrain: (weight) => maximum(weight, fill(weight.graph, [], 0)) });
}
