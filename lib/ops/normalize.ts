// Batch normalisation in inference mode (Ioffe & Szegedy 2015), with given statistics.

import { positiveNumber } from '../checks.js';
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { affine } from './affine.js';
import { type BatchNormAttributes, channelsOf } from './batch-norm.js';
import { add, divide, multiply, subtract } from './binary.js';
import { differentiateParts } from './gradients.js';
import { float32, requireFloat32 } from './shapes.js';
import { sqrt } from './unary.js';

/** Inputs x [.., c], gamma, beta, mean and variance [c]; y = gamma · (x - mean) / √(variance + epsilon) + beta. @internal */
export const normalizeOp: Op<BatchNormAttributes> = {
  name: 'normalize',
  infer: ([x, ...parameters], { epsilon }) => {
    requireFloat32('normalize', x!, ...parameters);
    positiveNumber('normalize: epsilon', epsilon);
    channelsOf('normalize', x!, parameters);
    return [float32(x!.shape)];
  },
  gradient: (node, outputGradients) =>
    differentiateParts(node, outputGradients, ([x, gamma, beta, mean, variance]) => {
      const scale = divide(gamma!, sqrt(affine(variance!, 1, node.attributes.epsilon)));
      return [add(multiply(subtract(x!, mean!), scale), beta!)];
    }),
};

/** Normalises with given statistics, as in inference. */
export function normalize(x: Value, gamma: Value, beta: Value, mean: Value, variance: Value, epsilon: number): Value {
  return applyOne(normalizeOp, [x, gamma, beta, mean, variance], { epsilon });
}
