// The table of activation functions.
import type { ActivationAttributes } from '../../ops/activation.js';
import { elementwise } from './elementwise.js';
import type { Kernel } from './kernel.js';

export const activation: Kernel = (call) =>
  elementwise(activationFunction(call.attributes as ActivationAttributes))(call);

export function activationFunction({ kind, alpha }: ActivationAttributes): (x: number) => number {
  switch (kind) {
    case 'linear':
      return (x) => x;
    case 'leakyRelu':
      return (x) => (x > 0 ? x : alpha * x);
    case 'elu':
      return (x) => (x > 0 ? x : alpha * Math.expm1(x));
    case 'tanh':
      return Math.tanh;
    case 'sigmoid':
      return (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));
    case 'softplus':
      return softplus;
  }
}

/** ln(1 + eˣ) without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
