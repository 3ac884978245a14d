// Folds constants: what scales, stretches or reshapes a constant is a constant itself.
import type { Node, Value } from './value.js';

/** The nodes with every op that `fold`s a constant replaced by the op that made it. What it read may then be dead. */
export function foldConstants(nodes: readonly Node[]): Node[] {
  const constants = new Map<Value, Node>();
  const folded = (node: Node): Node => {
    const source = node.inputs.length === 1 ? constants.get(node.inputs[0]!) : undefined;
    if (source === undefined || node.op.fold === undefined) return node;
    const value = node.op.fold(source.attributes.value as number, node.attributes);
    return { ...source, id: node.id, attributes: { shape: node.outputs[0]!.shape, value }, outputs: node.outputs };
  };
  return nodes.map((node) => {
    const result = folded(node);
    if (result.op.constant) constants.set(result.outputs[0]!, result);
    return result;
  });
}
