// matmul + batchNormGradient [+ activationGradient] → matmulBatchNormGradient: inputs a, b, x of the product's shape [n, c],
// gamma, mean and variance [c] as of batchNormGradient, x being also the activation's output; outputs dx, dgamma, dbeta.
import { activationGradientOp } from '../../ops/activation-gradient.js';
import { batchNormGradientInputs, batchNormGradientOp } from '../../ops/batch-norm-gradient.js';
import { matmulOp } from '../../ops/matmul.js';
import type { Fusion } from '../../program/fuse.js';

export const matmulBatchNormGradient: Fusion = {
  op: { name: 'matmulBatchNormGradient' },
  find(matmul, { onlyReader }) {
    if (matmul.op.name !== matmulOp.name) return undefined;
    const product = matmul.outputs[0]!;
    const normGradient = onlyReader(product);
    if (normGradient?.op.name !== batchNormGradientOp.name) return undefined;
    const { x, gamma, mean, variance, dy } = batchNormGradientInputs(normGradient);
    if (dy !== product) return undefined;
    const [dx, ...statistics] = normGradient.outputs;
    const next = onlyReader(dx!);
    const isSlope = next?.op.name === activationGradientOp.name && next.inputs[0] === dx && next.inputs[1] === x;
    return {
      links: isSlope ? [matmul, normGradient, next] : [matmul, normGradient],
      inputs: [...matmul.inputs, x, gamma, mean, variance],
      attributes: {
        matmul: matmul.attributes,
        batchNormGradient: normGradient.attributes,
        activationGradient: isSlope ? next.attributes : { kind: 'linear', alpha: 0 },
      },
      outputs: [isSlope ? next.outputs[0]! : dx!, ...statistics],
    };
  },
};
