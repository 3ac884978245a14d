// Fusion: joins chains of ops into one that makes a single pass over memory. Which chains, a device says.
import type { Attributes, KernelTraits } from './op.js';
import type { KernelNode, Node, Value } from './value.js';
import type { Variable } from './variable.js';

/** Nodes that become one, and what that one reads, knows and makes. Values between them may only be read by the next one, unless they stay outputs. */
export interface Chain {
  readonly links: readonly Node[];
  readonly inputs: readonly Value[];
  /** Those of the parts, by the names of their ops. */
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
}

/** Who reads a Value. */
export interface Readers {
  all(value: Value): readonly Node[];
  /** Its only reader, or undefined when there are several, or when the result is wanted outside. */
  onlyReader(value: Value): Node | undefined;
}

/** A rule of a device, and the op that it has a kernel for. */
export interface Fusion {
  readonly op: KernelTraits;
  /** The chain that begins with `first`, if there is one. */
  find(first: Node, readers: Readers): Chain | undefined;
}

/**
 * The nodes with every chain that one of the fusions knows replaced by one node, at the place of its last. Of several
 * that apply, the first one counts. `results` stay available.
 */
export function fuse(nodes: readonly Node[], results: readonly Value[], fusions: readonly Fusion[]): KernelNode[] {
  const readers = readersOf(nodes, results);
  const position = new Map(nodes.map((node, i) => [node, i]));
  const replacement = new Map<Node, KernelNode | undefined>();
  for (const node of nodes) {
    // What is part of a chain already begins no other.
    if (replacement.has(node)) continue;
    for (const { op, find } of fusions) {
      const chain = find(node, readers);
      if (chain === undefined || !canMove(chain, nodes, readers, position)) continue;
      const { links, ...fused } = chain;
      for (const link of links) replacement.set(link, undefined);
      replacement.set(links.at(-1)!, { op, ...fused });
      break;
    }
  }
  return nodes.flatMap((node) => (replacement.has(node) ? (replacement.get(node) ?? []) : node));
}

/**
 * Whether the chain's nodes can run at the place of its last: no Variable that they read is updated before it, and
 * nobody before it reads what they compute.
 */
function canMove(
  { links, outputs }: Chain,
  nodes: readonly Node[],
  readers: Readers,
  position: ReadonlyMap<Node, number>,
): boolean {
  const last = position.get(links.at(-1)!)!;
  const isRead = outputs.some((output) =>
    readers.all(output).some((reader) => position.get(reader)! < last && !links.includes(reader)),
  );
  const isUpdated = links.slice(0, -1).some((link) => {
    const read = new Set(link.inputs.map(variableBehind));
    return nodes
      .slice(position.get(link)! + 1, last)
      .some((node) => node.outputs.some(({ variable }) => variable !== undefined && read.has(variable)));
  });
  return !isRead && !isUpdated;
}

/** The Variable whose memory a Value is, seen through reshapes. */
function variableBehind({ variable, node }: Value): Variable | undefined {
  if (variable !== undefined || !node?.op.alias) return variable;
  return variableBehind(node.inputs[0]!);
}

function readersOf(nodes: readonly Node[], results: readonly Value[]): Readers {
  const readers = new Map<Value, Node[]>();
  for (const node of nodes) {
    for (const input of node.inputs) {
      const others = readers.get(input);
      if (others === undefined) readers.set(input, [node]);
      else others.push(node);
    }
  }
  const wanted = new Set(results);
  const all = (value: Value) => readers.get(value) ?? [];
  return {
    all,
    onlyReader: (value) => (all(value).length === 1 && !wanted.has(value) ? all(value)[0] : undefined),
  };
}
