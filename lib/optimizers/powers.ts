// Powers of constants by the number of an update.
import { affine, cast, divide, exp, fill, tanh } from '../ops/index.js';
import type { Value } from '../program/value.js';

/** baseᵗ, a scalar, t the number of an update, int32; base is above 0. */
export function power(base: number, t: Value): Value {
  return exp(affine(cast(t), Math.log(base)));
}

/**
 * 1 - baseᵗ, a scalar, base in [0, 1). With x = t ln base, 1 - eˣ = 2 tanh(-x/2) / (1 + tanh(-x/2)) keeps its digits where the
 * power is close to 1.
 */
export function oneMinusPower(base: number, t: Value): Value {
  if (base === 0) return fill(t.graph, [], 1);
  const half = tanh(affine(cast(t), -Math.log(base) / 2));
  return divide(affine(half, 2), affine(half, 1, 1));
}
