// What the rules of fusion share.
import type { Node, Value } from '../value.js';

/** Nodes that are read by the next one alone, and what takes their place. */
export interface Chain {
  readonly links: readonly Node[];
  readonly fused: Node;
}

/** A Value's only reader, or undefined when there are several, or when the result is wanted outside. */
export type OnlyReader = (value: Value) => Node | undefined;

/** A rule: the chain that begins with `first`, if there is one. */
export type Fusion = (first: Node, onlyReader: OnlyReader) => Chain | undefined;

export function readersOf(nodes: readonly Node[], results: readonly Value[]): OnlyReader {
  const readers = new Map<Value, Node[]>();
  for (const node of nodes) {
    for (const input of node.inputs) {
      const others = readers.get(input);
      if (others === undefined) readers.set(input, [node]);
      else others.push(node);
    }
  }
  const wanted = new Set(results);
  return (value) => {
    const all = readers.get(value) ?? [];
    return all.length === 1 && !wanted.has(value) ? all[0] : undefined;
  };
}
