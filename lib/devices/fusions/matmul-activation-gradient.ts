// matmul + activationGradient, where the product is dy → matmulActivationGradient: inputs a, b and y, of the product's
// shape; output dx = (a · b) · f'(y).
import { activationGradientOp } from '../../ops/activation-gradient.js';
import { matmulOp } from '../../ops/matmul.js';
import type { Fusion } from '../../program/fuse.js';
import { sameShape } from '../../tensor.js';

export const matmulActivationGradient: Fusion = {
  op: { name: 'matmulActivationGradient' },
  find(matmul, { onlyReader }) {
    if (matmul.op.name !== matmulOp.name) return undefined;
    const product = matmul.outputs[0]!;
    // A layer that flattens leaves the product's elements as they are.
    const links = [matmul];
    let dy = product;
    let reader = onlyReader(dy);
    while (reader?.op.alias) {
      links.push(reader);
      dy = reader.outputs[0]!;
      reader = onlyReader(dy);
    }
    if (reader?.op.name !== activationGradientOp.name || reader.inputs[0] !== dy) return undefined;
    if (!sameShape(dy.shape, product.shape)) return undefined;
    return {
      links: [...links, reader],
      inputs: [...matmul.inputs, reader.inputs[1]!],
      attributes: { matmul: matmul.attributes, activationGradient: reader.attributes },
      outputs: reader.outputs,
    };
  },
};
