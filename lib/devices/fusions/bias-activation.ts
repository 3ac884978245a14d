// bias [+ activation]: how the fused products end that layers are made of.
import { type ActivationAttributes, activationOp } from '../../ops/activation.js';
import { binaryOp } from '../../ops/binary.js';
import type { Fusion, Readers } from '../../program/fuse.js';
import type { Node, Value } from '../../program/value.js';

/** A node and the activation after it, if there is one. */
export function activationAfter(node: Node, { onlyReader }: Readers) {
  const next = onlyReader(node.outputs[0]!);
  const activation = next?.op.name === activationOp.name ? next : undefined;
  const links: readonly Node[] = activation === undefined ? [node] : [node, activation];
  return { links, attributes: (activation?.attributes ?? { kind: 'linear', alpha: 0 }) as ActivationAttributes };
}

/** The nodes after a product [.., c] that add a bias [c] and apply an activation, if they do. */
export function biasActivationAfter(product: Value, readers: Readers) {
  const add = readers.onlyReader(product);
  if (add?.op.name !== binaryOp.name || add.attributes.kind !== 'add') return undefined;
  const bias = add.inputs[0] === product ? add.inputs[1]! : add.inputs[0]!;
  if (bias.shape.length !== 1 || bias.shape[0] !== product.shape.at(-1)) return undefined;
  const { links, attributes } = activationAfter(add, readers);
  return { links, bias, attributes, outputs: links.at(-1)!.outputs };
}

/** The fusion of an op with the bias and the activation after it. Inputs are those of the op, and the bias. */
export function withBiasActivation(op: { readonly name: string }): Fusion {
  return {
    op: { name: `${op.name}Activation` },
    find(source, readers) {
      if (source.op.name !== op.name) return undefined;
      const end = biasActivationAfter(source.outputs[0]!, readers);
      if (end === undefined) return undefined;
      return {
        links: [source, ...end.links],
        inputs: [...source.inputs, end.bias],
        attributes: { [op.name]: source.attributes, activation: end.attributes },
        outputs: end.outputs,
      };
    },
  };
}
