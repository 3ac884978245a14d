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

/** Who reads a Value, and who makes it. */
export interface Readers {
  /** The node that makes it in the Program: a constant, where `value.node` has been folded to one. */
  maker(value: Value): Node | undefined;
  all(value: Value): readonly Node[];
  /** Its only reader, or undefined when there are several, or when the result is wanted outside. */
  onlyReader(value: Value): Node | undefined;
  /** Whether the result is wanted outside. */
  isResult(value: Value): boolean;
  /** How many nodes come before it. */
  place(node: Node): number;
  /** Whether it is in no chain yet. */
  isFree(node: Node): boolean;
}

/** A rule of a device, and the op that it has a kernel for. */
export interface Fusion {
  readonly op: KernelTraits;
  /** The chain that begins with `node`, or ends with it, if there is one. Nodes are asked about in their order. */
  find(node: Node, readers: Readers): Chain | undefined;
}

/**
 * The nodes with every chain that one of the fusions knows replaced by one node, at the place of its last, or of its first.
 * Of several that apply, the first one counts. `results` stay available.
 */
export function fuse(nodes: readonly Node[], results: readonly Value[], fusions: readonly Fusion[]): KernelNode[] {
  const replacement = new Map<Node, KernelNode | undefined>();
  const readers = readersOf(nodes, results, (node) => !replacement.has(node));
  const places = new Places(nodes, readers);
  for (const node of nodes) {
    // What is part of a chain already begins no other.
    if (!readers.isFree(node)) continue;
    for (const { op, find } of fusions) {
      const chain = find(node, readers);
      if (chain === undefined || !chain.links.every(readers.isFree)) continue;
      const place = places.placeFor(chain, op);
      if (place === undefined) continue;
      const { links, ...fused } = chain;
      for (const link of links) replacement.set(link, undefined);
      replacement.set(place, { op, ...fused });
      break;
    }
  }
  return nodes.flatMap((node) => (replacement.has(node) ? (replacement.get(node) ?? []) : node));
}

/** Where each node runs, and where a chain can. */
class Places {
  /** Where every Value is made. */
  readonly #made = new Map<Value, number>();
  /** Where every Variable is updated. */
  readonly #updates = new Map<Variable, number[]>();

  constructor(
    nodes: readonly Node[],
    private readonly readers: Readers,
  ) {
    for (const [i, { outputs }] of nodes.entries()) {
      for (const output of outputs) {
        this.#made.set(output, i);
        if (output.variable === undefined) continue;
        const others = this.#updates.get(output.variable);
        if (others === undefined) this.#updates.set(output.variable, [i]);
        else others.push(i);
      }
    }
  }

  /** The link in whose place the chain can run as `op`, if there is one. It is the place of what the chain makes from then on. */
  placeFor(chain: Chain, op: KernelTraits): Node | undefined {
    const [first, last] = [chain.links[0]!, chain.links.at(-1)!];
    const place = this.#canWait(chain, last) ? last : this.#canHurry(chain, first, op) ? first : undefined;
    if (place !== undefined) for (const output of chain.outputs) this.#made.set(output, this.readers.place(place));
    return place;
  }

  /** At the place of the last: nobody reads what the chain makes before it, and no Variable that the chain reads is updated before it. */
  #canWait({ links, inputs, outputs }: Chain, last: Node): boolean {
    const end = this.readers.place(last);
    const isRead = outputs.some((output) =>
      this.readers.all(output).some((reader) => this.readers.place(reader) < end && !links.includes(reader)),
    );
    return !isRead && inputs.every((input) => this.#isCurrent(input, end));
  }

  /** At the place of the first: all that the chain reads is there, and the chain updates nothing that is read later. */
  #canHurry({ inputs }: Chain, first: Node, { updates }: KernelTraits): boolean {
    const begin = this.readers.place(first);
    return !updates && inputs.every((input) => (this.#made.get(input) ?? -1) < begin && this.#isCurrent(input, begin));
  }

  /** Whether a Value, where it is the content of a Variable, still is at a place. */
  #isCurrent(value: Value, place: number): boolean {
    const { variable } = value;
    if (variable === undefined) return !value.node?.op.alias || this.#isCurrent(value.node.inputs[0]!, place);
    const made = this.#made.get(value) ?? -1;
    return !this.#updates.get(variable)?.some((update) => update > made && update < place);
  }
}

function readersOf(nodes: readonly Node[], results: readonly Value[], isFree: Readers['isFree']): Readers {
  const readers = new Map<Value, Node[]>();
  const makers = new Map<Value, Node>();
  const places = new Map<Node, number>();
  for (const node of nodes) {
    places.set(node, places.size);
    for (const output of node.outputs) makers.set(output, node);
    for (const input of node.inputs) {
      const others = readers.get(input);
      if (others === undefined) readers.set(input, [node]);
      else others.push(node);
    }
  }
  const wanted = new Set(results);
  const all = (value: Value) => readers.get(value) ?? [];
  return {
    maker: (value) => makers.get(value),
    all,
    isResult: (value) => wanted.has(value),
    place: (node) => places.get(node)!,
    isFree,
    onlyReader: (value) => (all(value).length === 1 && !wanted.has(value) ? all(value)[0] : undefined),
  };
}
