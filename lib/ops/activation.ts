// Activation functions: one op, because the fused dense op applies the same table of formulas.
import { nonNegativeNumber, positiveNumber } from '../checks.js';
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
  callName,
  infer: ([x], attributes) => {
    requireAlpha(attributes);
    return inferLike(callName(attributes), x!);
  },
  gradient: ({ outputs: [y], attributes }, [dy]) => [activationGradient(dy!, y!, attributes)],
};

function callName({ kind, alpha }: ActivationAttributes): string {
  return kind === 'leakyRelu' && alpha === 0 ? 'relu' : kind;
}

/** Slopes are computed from y, which must have the sign of x. @throws CudaGanError `CUDA_GAN_VALUE` */
function requireAlpha({ kind, alpha }: ActivationAttributes): void {
  if (kind === 'leakyRelu') nonNegativeNumber('leakyRelu: negativeSlope', alpha);
  if (kind === 'elu') positiveNumber('elu: alpha', alpha);
}

export function activation(x: Value, kind: ActivationKind, alpha = 0): Value {
  return kind === 'linear' ? x : applyOne(activationOp, [x], { kind, alpha });
}

/** max(x, 0). */
export const relu = (x: Value) => activation(x, 'leakyRelu', 0);
/** x above 0, elsewhere negativeSlope · x; the slope is at least 0. */
export const leakyRelu = (x: Value, negativeSlope: number) => activation(x, 'leakyRelu', negativeSlope);
/** x above 0, elsewhere alpha · (eˣ - 1); alpha is above 0. */
export const elu = (x: Value, alpha = 1) => activation(x, 'elu', alpha);
/** Hyperbolic tangent. */
export const tanh = (x: Value) => activation(x, 'tanh');
/** 1 / (1 + e⁻ˣ). */
export const sigmoid = (x: Value) => activation(x, 'sigmoid');
/** ln(1 + eˣ). */
export const softplus = (x: Value) => activation(x, 'softplus');
