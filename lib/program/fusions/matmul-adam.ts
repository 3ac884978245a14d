// matmul + adam, where the product is the gradient → matmulAdam.
import { adamOp } from '../../ops/adam.js';
import { matmulOp } from '../../ops/matmul.js';
import { matmulAdamOp } from '../../ops/matmul-adam.js';
import type { Node } from '../value.js';
import type { Fusion } from './fusion.js';

export const matmulAdam: Fusion = (matmul, { onlyReader }) => {
  if (matmul.op.name !== matmulOp.name) return undefined;
  const gradient = matmul.outputs[0]!;
  const adam = onlyReader(gradient);
  if (adam?.op.name !== adamOp.name || adam.inputs[3] !== gradient) return undefined;
  const [p, m, v, , t, learningRate] = adam.inputs;
  return {
    links: [matmul, adam],
    fused: {
      id: adam.id,
      op: matmulAdamOp as unknown as Node['op'],
      inputs: [p!, m!, v!, ...matmul.inputs, t!, learningRate!],
      attributes: { ...matmul.attributes, ...adam.attributes },
      outputs: adam.outputs,
    },
  };
};
