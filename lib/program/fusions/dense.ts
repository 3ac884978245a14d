// matmul + bias [+ activation] → dense.
import { activationOp } from '../../ops/activation.js';
import { addOp } from '../../ops/add.js';
import { denseOp } from '../../ops/dense.js';
import { matmulOp } from '../../ops/matmul.js';
import type { Node, Value } from '../value.js';
import type { Fusion } from './fusion.js';

export const dense: Fusion = (matmul, { onlyReader }) => {
  if (matmul.op.name !== matmulOp.name || matmul.attributes.transposeA || matmul.attributes.transposeB)
    return undefined;
  const product = matmul.outputs[0]!;
  const add = onlyReader(product);
  if (add?.op.name !== addOp.name) return undefined;
  const bias = biasOf(add, product);
  if (bias.shape.length !== 1 || bias.shape[0] !== product.shape[1]) return undefined;
  const next = onlyReader(add.outputs[0]!);
  const activation = next?.op.name === activationOp.name ? next : undefined;
  return {
    links: activation === undefined ? [matmul, add] : [matmul, add, activation],
    fused: {
      id: matmul.id,
      op: denseOp as unknown as Node['op'],
      inputs: [...matmul.inputs, bias],
      attributes: activation?.attributes ?? { kind: 'linear', alpha: 0 },
      outputs: (activation ?? add).outputs,
    },
  };
};

function biasOf(add: Node, product: Value): Value {
  return add.inputs[0] === product ? add.inputs[1]! : add.inputs[0]!;
}
