// What the rules of fusion share.
import type { Node, Value } from '../value.js';

/** Nodes that become one, and what takes their place. Values between them may only be read by the next one, unless they stay outputs. */
export interface Chain {
  readonly links: readonly Node[];
  readonly fused: Node;
}

/** Who reads a Value. */
export interface Readers {
  all(value: Value): readonly Node[];
  /** Its only reader, or undefined when there are several, or when the result is wanted outside. */
  onlyReader(value: Value): Node | undefined;
}

/** A rule: the chain that begins with `first`, if there is one. */
export type Fusion = (first: Node, readers: Readers) => Chain | undefined;

export function readersOf(nodes: readonly Node[], results: readonly Value[]): Readers {
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
