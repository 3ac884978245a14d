// Drops nodes that neither update a Variable nor contribute to an output or an update.
import type { Node, Value } from './value.js';

export function withoutDeadCode(nodes: readonly Node[], results: readonly Value[]): Node[] {
  const needed = new Set<Value>(results);
  const live: Node[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.op.updates && !node.outputs.some((output) => needed.has(output))) continue;
    for (const input of node.inputs) needed.add(input);
    live.push(node);
  }
  return live.reverse();
}
