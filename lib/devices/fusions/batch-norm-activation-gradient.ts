// activationGradient + batchNormGradient, where the activation's input is what was normalised → batchNormActivationGradient:
// inputs x [.., c], gamma, beta, mean and variance [c], dy [.., c]; outputs dx, dgamma, dbeta. The slope follows from x and
// beta, so the activation's output is not read.
import { activationOp } from '../../ops/activation.js';
import { activationGradientOp } from '../../ops/activation-gradient.js';
import { batchNormOp } from '../../ops/batch-norm.js';
import { batchNormGradientInputs, batchNormGradientOp } from '../../ops/batch-norm-gradient.js';
import type { Fusion } from '../../program/fuse.js';
import type { Value } from '../../program/value.js';

export const batchNormActivationGradient: Fusion = {
  op: { name: 'batchNormActivationGradient' },
  find(slope, { onlyReader }) {
    if (slope.op.name !== activationGradientOp.name) return undefined;
    const normGradient = onlyReader(slope.outputs[0]!);
    if (normGradient?.op.name !== batchNormGradientOp.name) return undefined;
    const { x, gamma, mean, variance, dy } = batchNormGradientInputs(normGradient);
    const batchNorm = normalizationBefore(slope.inputs[1]!);
    if (dy !== slope.outputs[0] || batchNorm === undefined) return undefined;
    const [normX, normGamma, beta] = batchNorm.inputs;
    const [, normMean, normVariance] = batchNorm.outputs;
    if (x !== normX || gamma !== normGamma || mean !== normMean || variance !== normVariance) return undefined;
    return {
      links: [slope, normGradient],
      inputs: [x, gamma, beta!, mean, variance, slope.inputs[0]!],
      attributes: { batchNorm: normGradient.attributes, activation: slope.attributes },
      outputs: normGradient.outputs,
    };
  },
};

/** The batchNorm that an activation with the output `y` was given, if there is one. */
function normalizationBefore(y: Value) {
  const normalized = y.node?.op.name === activationOp.name ? y.node.inputs[0]! : undefined;
  const batchNorm = normalized?.node;
  return batchNorm?.op.name === batchNormOp.name && batchNorm.outputs[0] === normalized ? batchNorm : undefined;
}
