// matmul + bias [+ activation] + normalize → denseNormalize: inputs x [n, in], kernel [in, out], bias, gamma, beta, mean and
// variance [out]; output y [n, out].
import { normalizeOp } from '../../ops/normalize.js';
import type { Fusion } from '../../program/fuse.js';
import { dense } from './dense.js';

export const denseNormalize: Fusion = {
  op: { name: 'denseNormalize' },
  find(matmul, readers) {
    const chain = dense.find(matmul, readers);
    if (chain === undefined) return undefined;
    const h = chain.outputs[0]!;
    const normalize = readers.onlyReader(h);
    if (normalize?.op.name !== normalizeOp.name || normalize.inputs[0] !== h) return undefined;
    return {
      links: [...chain.links, normalize],
      inputs: [...chain.inputs, ...normalize.inputs.slice(1)],
      attributes: { ...chain.attributes, normalize: normalize.attributes },
      outputs: normalize.outputs,
    };
  },
};
