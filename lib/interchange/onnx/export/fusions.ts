// Chains of ops that are one operator of ONNX: a product and its bias, a sum and the division that makes it a mean.
import { affineOp } from '../../../ops/affine.js';
import { binaryOp } from '../../../ops/binary.js';
import { conv2dOp } from '../../../ops/conv2d.js';
import { conv2dInputGradientOp } from '../../../ops/conv2d-input-gradient.js';
import { matmulOp } from '../../../ops/matmul.js';
import { sumOp } from '../../../ops/sum.js';
import type { Fusion } from '../../../program/fuse.js';
import { sizeOf } from '../../../tensor.js';
import { minibatchStdDev } from './minibatch-fusion.js';
import { groupNormalize, layerNormalize } from './normalizing-fusions.js';
import { conv1d } from './sequence-fusions.js';

/** Of an op [.., c] and the sum with a bias [c] after it: inputs are those of the op and the bias, attributes those of the op. */
function withBias(op: { readonly name: string }): Fusion {
  return {
    op: { name: `${op.name}Bias` },
    find(source, { onlyReader }) {
      if (source.op.name !== op.name) return undefined;
      const product = source.outputs[0]!;
      const add = onlyReader(product);
      if (add?.op.name !== binaryOp.name || add.attributes.kind !== 'add') return undefined;
      const bias = add.inputs[0] === product ? add.inputs[1]! : add.inputs[0]!;
      if (bias.shape.length !== 1 || bias.shape[0] !== product.shape.at(-1)) return undefined;
      return {
        links: [source, add],
        inputs: [...source.inputs, bias],
        attributes: source.attributes,
        outputs: add.outputs,
      };
    },
  };
}

const mean: Fusion = {
  op: { name: 'mean' },
  find(source, { onlyReader }) {
    if (source.op.name !== sumOp.name) return undefined;
    const total = source.outputs[0]!;
    const next = onlyReader(total);
    if (next?.op.name !== affineOp.name || next.attributes.offset !== 0) return undefined;
    const count = sizeOf(source.inputs[0]!.shape) / sizeOf(total.shape);
    if (next.attributes.scale !== 1 / count) return undefined;
    return { links: [source, next], inputs: source.inputs, attributes: source.attributes, outputs: next.outputs };
  },
};

/** Of several that apply, the first one counts. */
export const exportFusions: readonly Fusion[] = [
  groupNormalize,
  layerNormalize,
  conv1d,
  minibatchStdDev,
  withBias(matmulOp),
  withBias(conv2dOp),
  withBias(conv2dInputGradientOp),
  mean,
];
