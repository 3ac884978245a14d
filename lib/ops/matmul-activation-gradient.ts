// What fusion makes of a product and the slope of the activation before it: dx = (a · b) · f'(y), where dy = a · b.
import type { Op } from '../program/op.js';
import type { ActivationAttributes } from './activation.js';
import { activationGradientOp } from './activation-gradient.js';
import { type MatmulAttributes, matmulOp } from './matmul.js';

/** Inputs a, b, either optionally transposed, and y, of the product's shape. */
export const matmulActivationGradientOp: Op<MatmulAttributes & ActivationAttributes> = {
  name: 'matmulActivationGradient',
  infer: ([a, b, y], attributes) => {
    const [dy] = matmulOp.infer([a!, b!], attributes);
    return activationGradientOp.infer([dy!, y!], attributes);
  },
};
