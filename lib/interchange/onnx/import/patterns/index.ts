// Nodes that are one layer together, where no node is one by itself.
import type { Importer } from '../importer.js';
import type { ImportedNode } from '../node.js';
import type { Imported } from '../values.js';
import { dot } from './dot.js';
import { minibatchStdDev } from './minibatch-std-dev.js';

/** Who reads what nodes make. */
export interface Readers {
  /** The node that reads what `node` makes, where it is one and that is no output. */
  onlyReader(node: ImportedNode): ImportedNode | undefined;
  /** All that read what `node` makes; undefined among them where that is an output. */
  all(node: ImportedNode): readonly (ImportedNode | undefined)[];
  /** So many nodes behind `node`, as the file has them, or as many as there are. */
  following(node: ImportedNode, count: number): readonly ImportedNode[];
}

/** What a node has become, together with those behind it that became a part of it. */
export interface Made {
  readonly made: Imported;
  /** In their order: `made` is what the last of them makes, and nobody else reads what is in between. */
  readonly took?: readonly ImportedNode[];
}

/** Looks whether a node begins a pattern; undefined where another node, attribute or constant is there than belongs to it. */
type Pattern = (importer: Importer, node: ImportedNode, readers: Readers) => Made | undefined;

/** By the operator of the first node. */
export const patterns: Readonly<Record<string, Pattern>> = { Mul: dot, Shape: minibatchStdDev };
