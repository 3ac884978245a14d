// Adam (Kingma & Ba 2015) as Keras computes it, epsilon outside the root:
// m ← β1 m + (1 - β1) g;  v ← β2 v + (1 - β2) g²;  p ← p - lr · √(1 - β2ᵗ) / (1 - β1ᵗ) · m / (√v + ε).
import { apply, type Op } from '../program/op.js';
import type { Node, Value } from '../program/value.js';
import { float32, requireDType, requireFloat32, requireSameShape } from './shapes.js';

export type AdamAttributes = { beta1: number; beta2: number; epsilon: number };

/** Inputs p, m, v, gradient (one shape), t (int32 scalar, already counting this update), learning rate (scalar). @internal */
export const adamOp: Op<AdamAttributes> = {
  name: 'adam',
  updates: 3,
  infer: ([p, m, v, gradient, t, learningRate]) => {
    requireFloat32('adam', p!, m!, v!, gradient!, learningRate!);
    for (const other of [m!, v!, gradient!]) requireSameShape('adam', p!, other);
    requireDType('adam', t!, 'int32');
    return [float32(p!.shape), float32(p!.shape), float32(p!.shape)];
  },
};

/** The inputs of an `adam` by name. */
export function adamInputs({ inputs: [p, m, v, gradient, t, learningRate] }: Pick<Node, 'inputs'>) {
  return { p: p!, m: m!, v: v!, gradient: gradient!, t: t!, learningRate: learningRate! };
}

export function adam(
  {
    p,
    m,
    v,
    gradient,
    t,
    learningRate,
  }: { p: Value; m: Value; v: Value; gradient: Value; t: Value; learningRate: Value },
  attributes: AdamAttributes,
): void {
  apply(adamOp, [p, m, v, gradient, t, learningRate], attributes);
}
