// Fusion: joins chains of ops into one that makes a single pass over memory. The rules are in fusions/.
import { dense } from './fusions/dense.js';
import { denseBatchNorm } from './fusions/dense-batch-norm.js';
import { type Chain, type Fusion, type Readers, readersOf } from './fusions/fusion.js';
import { matmulActivationGradient } from './fusions/matmul-activation-gradient.js';
import { matmulAdam } from './fusions/matmul-adam.js';
import { matmulBatchNormGradient } from './fusions/matmul-batch-norm-gradient.js';
import type { Node, Value } from './value.js';
import type { Variable } from './variable.js';

/** Of several rules that apply, the first one counts. */
const fusions: readonly Fusion[] = [
  denseBatchNorm,
  dense,
  matmulAdam,
  matmulActivationGradient,
  matmulBatchNormGradient,
];

/** The nodes with every chain that a rule knows replaced by one node, at the place of its last. `results` stay available. */
export function fuse(nodes: readonly Node[], results: readonly Value[]): Node[] {
  const readers = readersOf(nodes, results);
  const position = new Map(nodes.map((node, i) => [node, i]));
  const replacement = new Map<Node, Node | undefined>();
  for (const node of nodes) {
    const chain = fusions
      .map((fusion) => fusion(node, readers))
      .find((found) => found !== undefined && canMove(found, nodes, readers, position));
    if (chain === undefined) continue;
    for (const link of chain.links) replacement.set(link, undefined);
    replacement.set(chain.links.at(-1)!, chain.fused);
  }
  return nodes.flatMap((node) => (replacement.has(node) ? (replacement.get(node) ?? []) : node));
}

/**
 * Whether the chain's nodes can run at the place of its last: no Variable that they read is updated before it, and
 * nobody before it reads what they compute.
 */
function canMove(
  { links, fused }: Chain,
  nodes: readonly Node[],
  readers: Readers,
  position: ReadonlyMap<Node, number>,
): boolean {
  const last = position.get(links.at(-1)!)!;
  const isRead = fused.outputs.some((output) =>
    readers.all(output).some((reader) => position.get(reader)! < last && !links.includes(reader)),
  );
  const isUpdated = links.slice(0, -1).some((link) => {
    const read = new Set(link.inputs.map(variableBehind));
    return nodes
      .slice(position.get(link)! + 1, last)
      .some(({ outputs }) => outputs.some(({ variable }) => variable !== undefined && read.has(variable)));
  });
  return !isRead && !isUpdated;
}

/** The Variable whose memory a Value is, seen through reshapes. */
function variableBehind({ variable, node }: Value): Variable | undefined {
  if (variable !== undefined || !node?.op.alias) return variable;
  return variableBehind(node.inputs[0]!);
}
