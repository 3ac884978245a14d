// Fusion: joins chains of ops into one that makes a single pass over memory. The rules are in fusions/.
import { dense } from './fusions/dense.js';
import { type Chain, type Fusion, readersOf } from './fusions/fusion.js';
import { matmulAdam } from './fusions/matmul-adam.js';
import type { Node, Value } from './value.js';
import type { Variable } from './variable.js';

const fusions: readonly Fusion[] = [dense, matmulAdam];

/** The nodes with every chain that a rule knows replaced by one node, at the place of its last. `results` stay available. */
export function fuse(nodes: readonly Node[], results: readonly Value[]): Node[] {
  const onlyReader = readersOf(nodes, results);
  const position = new Map(nodes.map((node, i) => [node, i]));
  const replacement = new Map<Node, Node | undefined>();
  for (const node of nodes) {
    const chain = fusions.map((fusion) => fusion(node, onlyReader)).find((found) => found !== undefined);
    if (chain === undefined || isDisturbed(chain, nodes, position)) continue;
    for (const link of chain.links) replacement.set(link, undefined);
    replacement.set(chain.links.at(-1)!, chain.fused);
  }
  return nodes.flatMap((node) => (replacement.has(node) ? (replacement.get(node) ?? []) : node));
}

/** Whether a Variable that the chain reads is updated before the chain's last node: then nothing can move there. */
function isDisturbed({ links }: Chain, nodes: readonly Node[], position: ReadonlyMap<Node, number>): boolean {
  const last = position.get(links.at(-1)!)!;
  return links.slice(0, -1).some((link) => {
    const read = new Set(link.inputs.map(variableBehind));
    return nodes
      .slice(position.get(link)! + 1, last)
      .some(({ outputs }) => outputs.some(({ variable }) => variable !== undefined && read.has(variable)));
  });
}

/** The Variable whose memory a Value is, seen through reshapes. */
function variableBehind({ variable, node }: Value): Variable | undefined {
  if (variable !== undefined || !node?.op.alias) return variable;
  return variableBehind(node.inputs[0]!);
}
