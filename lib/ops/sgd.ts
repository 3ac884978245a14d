// Stochastic gradient descent with momentum as Keras computes it: v ← momentum · v - lr · g;
// p ← p + v, or p + momentum · v - lr · g with Nesterov's correction.
import { apply, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { float32, requireFloat32, requireSameShape } from './shapes.js';

export type SgdAttributes = { momentum: number; nesterov: boolean };

/** Inputs p, velocity, gradient (one shape), learning rate (scalar). @internal */
export const sgdOp: Op<SgdAttributes> = {
  name: 'sgd',
  updates: 2,
  infer: ([p, velocity, gradient, learningRate]) => {
    requireFloat32('sgd', p!, velocity!, gradient!, learningRate!);
    requireSameShape('sgd', p!, velocity!);
    requireSameShape('sgd', p!, gradient!);
    return [float32(p!.shape), float32(p!.shape)];
  },
};

export function sgd(
  { p, velocity, gradient, learningRate }: { p: Value; velocity: Value; gradient: Value; learningRate: Value },
  attributes: SgdAttributes,
): void {
  apply(sgdOp, [p, velocity, gradient, learningRate], attributes);
}
