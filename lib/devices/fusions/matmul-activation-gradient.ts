// matmul + activationGradient, where the product is dy → matmulActivationGradient: inputs a, b and y, of the product's
// shape; output dx = (a · b) · f'(y).
import { matmulOp } from '../../ops/matmul.js';
import type { Fusion } from '../../program/fuse.js';
import { sameShape } from '../../tensor.js';
import { activationGradientAfter } from './activation-gradient-after.js';

export const matmulActivationGradient: Fusion = {
  op: { name: 'matmulActivationGradient' },
  find(matmul, readers) {
    if (matmul.op.name !== matmulOp.name) return undefined;
    const product = matmul.outputs[0]!;
    const end = activationGradientAfter(product, readers);
    if (end === undefined || !sameShape(end.dy.shape, product.shape)) return undefined;
    return {
      links: [matmul, ...end.links],
      inputs: [...matmul.inputs, end.y],
      attributes: { matmul: matmul.attributes, activationGradient: end.attributes },
      outputs: end.outputs,
    };
  },
};
