// matmul + bias [+ activation] + batchNorm → denseBatchNorm: inputs x [n, in], kernel [in, out], bias, gamma, beta [out];
// outputs h = f(x · kernel + bias) and y [n, out], mean and variance [out] of h.
import { batchNormOp } from '../../ops/batch-norm.js';
import type { Fusion } from '../../program/fuse.js';
import { dense } from './dense.js';

export const denseBatchNorm: Fusion = {
  op: { name: 'denseBatchNorm' },
  find(matmul, readers) {
    const chain = dense.find(matmul, readers);
    if (chain === undefined) return undefined;
    const h = chain.outputs[0]!;
    const batchNorm = readers.all(h).find(({ op, inputs }) => op.name === batchNormOp.name && inputs[0] === h);
    if (batchNorm === undefined) return undefined;
    return {
      links: [...chain.links, batchNorm],
      inputs: [...chain.inputs, ...batchNorm.inputs.slice(1)],
      attributes: { ...chain.attributes, batchNorm: batchNorm.attributes },
      outputs: [h, ...batchNorm.outputs],
    };
  },
};
