// RMSprop (Tieleman & Hinton 2012) as Keras computes it: s ← ρ s + (1 - ρ) g²;  p ← p - lr · g / √(s + ε).
import { apply, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { float32, requireFloat32, requireSameShape } from './shapes.js';

export type RmspropAttributes = { rho: number; epsilon: number };

/** Inputs p, mean square s, gradient (one shape), learning rate (scalar). @internal */
export const rmspropOp: Op<RmspropAttributes> = {
  name: 'rmsprop',
  updates: 2,
  infer: ([p, s, gradient, learningRate]) => {
    requireFloat32('rmsprop', p!, s!, gradient!, learningRate!);
    requireSameShape('rmsprop', p!, s!);
    requireSameShape('rmsprop', p!, gradient!);
    return [float32(p!.shape), float32(p!.shape)];
  },
};

export function rmsprop(
  { p, s, gradient, learningRate }: { p: Value; s: Value; gradient: Value; learningRate: Value },
  attributes: RmspropAttributes,
): void {
  apply(rmspropOp, [p, s, gradient, learningRate], attributes);
}
