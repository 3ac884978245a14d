// batchNorm + activation → batchNormActivation: inputs x [.., c], gamma and beta [c]; outputs y = f(normalised x), mean and
// variance [c] of x.
import { activationOp } from '../../ops/activation.js';
import { batchNormOp } from '../../ops/batch-norm.js';
import type { Fusion } from '../../program/fuse.js';

export const batchNormActivation: Fusion = {
  op: { name: 'batchNormActivation' },
  find(batchNorm, { onlyReader }) {
    if (batchNorm.op.name !== batchNormOp.name) return undefined;
    const [normalized, ...statistics] = batchNorm.outputs;
    const activation = onlyReader(normalized!);
    if (activation?.op.name !== activationOp.name) return undefined;
    return {
      links: [batchNorm, activation],
      inputs: batchNorm.inputs,
      attributes: { batchNorm: batchNorm.attributes, activation: activation.attributes },
      outputs: [activation.outputs[0]!, ...statistics],
    };
  },
};
