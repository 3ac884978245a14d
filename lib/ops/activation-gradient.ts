// dx = dy · f'(x), with f' expressed by y = f(x), so that the activation's input need not be kept.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import type { ActivationAttributes } from './activation.js';
import { affine, negate } from './affine.js';
import { greater, multiply } from './binary.js';
import { fill } from './fill.js';
import { float32, requireFloat32, requireSameShape } from './shapes.js';
import { exp } from './unary.js';

/**
 * | kind | f'(x) by y |
 * |---|---|
 * | leakyRelu | 1 if y > 0, else alpha |
 * | elu (alpha > 0) | 1 if y > 0, else y + alpha |
 * | tanh | 1 - y² |
 * | sigmoid | y (1 - y) |
 * | softplus | 1 - e⁻ʸ |
 * @internal
 */
export const activationGradientOp: Op<ActivationAttributes> = {
  name: 'activationGradient',
  infer: ([dy, y]) => {
    requireFloat32('activationGradient', dy!, y!);
    requireSameShape('activationGradient', dy!, y!);
    return [float32(y!.shape)];
  },
  gradient: ({ inputs: [dy, y], attributes }, [ddx]) => {
    const slope = slopeDerivative(y!, attributes);
    return [activationGradient(ddx!, y!, attributes), slope && multiply(multiply(ddx!, dy!), slope)];
  },
};

export function activationGradient(dy: Value, y: Value, attributes: ActivationAttributes): Value {
  return applyOne(activationGradientOp, [dy, y], attributes);
}

/** d f' / d y, of the table above; undefined where it is zero. */
function slopeDerivative(y: Value, { kind }: ActivationAttributes): Value | undefined {
  switch (kind) {
    case 'linear':
    case 'leakyRelu':
      return undefined;
    case 'elu':
      return affine(greater(y, fill(y.graph, [], 0)), -1, 1);
    case 'tanh':
      return affine(y, -2);
    case 'sigmoid':
      return affine(y, -2, 1);
    case 'softplus':
      return exp(negate(y));
  }
}
