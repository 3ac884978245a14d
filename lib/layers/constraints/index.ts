// Constraints of weights, and how to find one by name.
import { isBuiltIn } from '../../built-in.js';
import { requireReturned } from '../../program/returned.js';
import { type SavedPart, toPart } from '../part.js';
import type { Constraint } from './constraint.js';
import { maxNorm } from './max-norm.js';
import { nonNeg } from './non-neg.js';
import { unitNorm } from './unit-norm.js';

export type { AxisOptions, Constraint } from './constraint.js';
export type { MaxNormOptions } from './max-norm.js';
export type { UnitNormOptions } from './unit-norm.js';
export { maxNorm, nonNeg, unitNorm };

const constraints = { maxNorm, nonNeg, unitNorm };

/** Constraints by name. @useDeclaredType */
export type ConstraintName = keyof typeof constraints;

/** By name with Keras' defaults, what a saved model keeps of one, or a constraint itself. */
export type ConstraintLike = ConstraintName | SavedPart | Constraint;

/**
 * The constraint, which makes tensors of the weight's shape.
 * @internal
 * @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name or option, and for what is no constraint.
 */
export function toConstraint(wanted: ConstraintLike): Constraint {
  const constraint = toPart<Constraint>('constraint', constraints, 'constrain', wanted);
  if (isBuiltIn(constraint)) return constraint;
  const { name, config } = constraint;
  const label = `constrain of the constraint ${name}`;
  return { name, config, constrain: (weight) => requireReturned(label, constraint.constrain(weight), weight.shape) };
}
