// matmul + activationGradient, where the product is dy → matmulActivationGradient.
import { activationGradientOp } from '../../ops/activation-gradient.js';
import { matmulOp } from '../../ops/matmul.js';
import { matmulActivationGradientOp } from '../../ops/matmul-activation-gradient.js';
import { sameShape } from '../../tensor.js';
import type { Node } from '../value.js';
import type { Fusion } from './fusion.js';

export const matmulActivationGradient: Fusion = (matmul, { onlyReader }) => {
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
    fused: {
      id: reader.id,
      op: matmulActivationGradientOp as unknown as Node['op'],
      inputs: [...matmul.inputs, reader.inputs[1]!],
      attributes: { ...matmul.attributes, ...reader.attributes },
      outputs: reader.outputs,
    },
  };
};
