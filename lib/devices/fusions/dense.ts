// matmul + bias [+ activation] → dense: inputs x [n, in], kernel [in, out], bias [out]; output y [n, out].
import { matmulOp } from '../../ops/matmul.js';
import type { Fusion } from '../../program/fuse.js';
import { biasActivationAfter } from './bias-activation.js';

export const dense: Fusion = {
  op: { name: 'dense' },
  find(matmul, readers) {
    if (matmul.op.name !== matmulOp.name || matmul.attributes.transposeA || matmul.attributes.transposeB)
      return undefined;
    const end = biasActivationAfter(matmul.outputs[0]!, readers);
    if (end === undefined) return undefined;
    return {
      links: [matmul, ...end.links],
      inputs: [...matmul.inputs, end.bias],
      attributes: { activation: end.attributes },
      outputs: end.outputs,
    };
  },
};
