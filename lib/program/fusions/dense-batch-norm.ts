// matmul + bias [+ activation] + batchNorm → denseBatchNorm.
import { batchNormOp } from '../../ops/batch-norm.js';
import { denseBatchNormOp } from '../../ops/dense-batch-norm.js';
import type { Node } from '../value.js';
import { dense } from './dense.js';
import type { Fusion } from './fusion.js';

export const denseBatchNorm: Fusion = (matmul, readers) => {
  const chain = dense(matmul, readers);
  if (chain === undefined) return undefined;
  const { fused, links } = chain;
  const h = fused.outputs[0]!;
  const batchNorm = readers.all(h).find(({ op, inputs }) => op.name === batchNormOp.name && inputs[0] === h);
  if (batchNorm === undefined) return undefined;
  return {
    links: [...links, batchNorm],
    fused: {
      id: batchNorm.id,
      op: denseBatchNormOp as unknown as Node['op'],
      inputs: [...fused.inputs, ...batchNorm.inputs.slice(1)],
      attributes: { ...fused.attributes, ...batchNorm.attributes },
      outputs: [h, ...batchNorm.outputs],
    },
  };
};
