// Activation functions: one op, because the fused dense op applies the same table of formulas.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { activationGradient } from './activation-gradient.js';
import { inferLike } from './shapes.js';

/**
 * | kind | f(x) |
 * |---|---|
 * | linear | x |
 * | leakyRelu | x if x > 0, else alpha · x (relu has alpha 0) |
 * | elu | x if x > 0, else alpha · (eˣ - 1) |
 * | tanh | tanh x |
 * | sigmoid | 1 / (1 + e⁻ˣ) |
 * | softplus | ln(1 + eˣ) |
 */
export type ActivationKind = 'linear' | 'leakyRelu' | 'elu' | 'tanh' | 'sigmoid' | 'softplus';

export type ActivationAttributes = { kind: ActivationKind; alpha: number };

/** @internal */
export const activationOp: Op<ActivationAttributes> = {
  name: 'activation',
  infer: ([x]) => inferLike('activation', x!),
  gradient: ({ outputs: [y], attributes }, [dy]) => [activationGradient(dy!, y!, attributes)],
};

export function activation(x: Value, kind: ActivationKind, alpha = 0): Value {
  return kind === 'linear' ? x : applyOne(activationOp, [x], { kind, alpha });
}

export const relu = (x: Value) => activation(x, 'leakyRelu', 0);
export const leakyRelu = (x: Value, negativeSlope: number) => activation(x, 'leakyRelu', negativeSlope);
export const elu = (x: Value, alpha = 1) => activation(x, 'elu', alpha);
export const tanh = (x: Value) => activation(x, 'tanh');
export const sigmoid = (x: Value) => activation(x, 'sigmoid');
export const softplus = (x: Value) => activation(x, 'softplus');
