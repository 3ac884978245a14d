// Folds constants: what scales, stretches or reshapes a constant is a constant itself.
import type { AffineAttributes } from '../ops/affine.js';
import { fillOp } from '../ops/fill.js';
import type { Attributes } from './op.js';
import type { Node, Value } from './value.js';

const identity = (value: number) => value;

/** By op: what it makes of a constant input. */
const folds: Readonly<Record<string, (value: number, attributes: Attributes) => number>> = {
  affine: (value, attributes) => {
    const { scale, offset } = attributes as AffineAttributes;
    return scale * value + offset;
  },
  broadcastTo: identity,
  reshape: identity,
};

/** The nodes with every such op replaced by a `fill`. What it read may then be dead. */
export function foldConstants(nodes: readonly Node[]): Node[] {
  const constants = new Map<Value, number>();
  return nodes.map((node) => {
    const output = node.outputs[0]!;
    if (node.op.name === fillOp.name) constants.set(output, node.attributes.value as number);
    const input = node.inputs.length === 1 ? constants.get(node.inputs[0]!) : undefined;
    const fold = folds[node.op.name];
    if (input === undefined || fold === undefined) return node;
    const value = fold(input, node.attributes);
    constants.set(output, value);
    return { ...node, op: fillOp as unknown as Node['op'], inputs: [], attributes: { shape: output.shape, value } };
  });
}
