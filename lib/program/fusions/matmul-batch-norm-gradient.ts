// matmul + batchNormGradient [+ activationGradient] → matmulBatchNormGradient.
import { activationGradientOp } from '../../ops/activation-gradient.js';
import { batchNormGradientOp } from '../../ops/batch-norm-gradient.js';
import { matmulOp } from '../../ops/matmul.js';
import { matmulBatchNormGradientOp } from '../../ops/matmul-batch-norm-gradient.js';
import type { Node } from '../value.js';
import type { Fusion } from './fusion.js';

export const matmulBatchNormGradient: Fusion = (matmul, { onlyReader }) => {
  if (matmul.op.name !== matmulOp.name) return undefined;
  const dy = matmul.outputs[0]!;
  const normGradient = onlyReader(dy);
  if (normGradient?.op.name !== batchNormGradientOp.name || normGradient.inputs[4] !== dy) return undefined;
  const [x, gamma, mean, variance] = normGradient.inputs;
  const [dx, dgamma, dbeta] = normGradient.outputs;
  const next = onlyReader(dx!);
  const isSlope = next?.op.name === activationGradientOp.name && next.inputs[0] === dx && next.inputs[1] === x;
  const links = isSlope ? [matmul, normGradient, next] : [matmul, normGradient];
  return {
    links,
    fused: {
      id: links.at(-1)!.id,
      op: matmulBatchNormGradientOp as unknown as Node['op'],
      inputs: [...matmul.inputs, x!, gamma!, mean!, variance!],
      attributes: {
        ...matmul.attributes,
        ...normGradient.attributes,
        ...(isSlope ? next.attributes : { kind: 'linear', alpha: 0 }),
      },
      outputs: [isSlope ? next.outputs[0]! : dx!, dgamma!, dbeta!],
    },
  };
};
