// What fusion makes of a product, the gradient of the batch normalisation before it and the slope of the activation
// before that: dy = a · b, then batchNormGradient at x, then dx · f'(x).
import type { Op } from '../program/op.js';
import type { ActivationAttributes } from './activation.js';
import type { BatchNormAttributes } from './batch-norm.js';
import { batchNormGradientOp } from './batch-norm-gradient.js';
import { type MatmulAttributes, matmulOp } from './matmul.js';
import { requireSameShape } from './shapes.js';

/**
 * Inputs a, b, either optionally transposed, x of the product's shape [n, c], gamma, mean and variance [c] as of
 * batchNormGradient; x is also the activation's output. Outputs dx, dgamma, dbeta.
 */
export const matmulBatchNormGradientOp: Op<MatmulAttributes & BatchNormAttributes & ActivationAttributes> = {
  name: 'matmulBatchNormGradient',
  infer: ([a, b, x, gamma, mean, variance], attributes) => {
    const [dy] = matmulOp.infer([a!, b!], attributes);
    requireSameShape('matmulBatchNormGradient', dy!, x!);
    return batchNormGradientOp.infer([x!, gamma!, mean!, variance!, dy!], attributes);
  },
};
