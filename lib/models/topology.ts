// How the layers of a model are connected, as plain data: what it computes, what a summary lists and a picture shows.
import type { Layer } from '../layers/layer.js';
import type { TensorType } from '../program/value.js';
import type { Shape } from '../tensor.js';

/** An input or output of a model: shape of one sample, element type, and the name by which data is given for it. */
export interface Port extends TensorType {
  readonly name: string;
  /** Of an input that goes straight into embeddings: how many numbers they have in common, from 0 on. */
  readonly numbers?: number | undefined;
}

/** One place where a layer is applied. Values are numbered: first those of the inputs, then the results of the nodes. */
export interface TopologyNode {
  readonly layer: Layer;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Of one sample each. */
  readonly inputShapes: readonly Shape[];
  readonly outputShapes: readonly Shape[];
  /** The mode that this place always runs in, if it has one. */
  readonly training?: boolean | undefined;
}

export interface Topology {
  /** Values 0, 1, …: their names, and the layers that stand for them in the list of layers, if some do. */
  readonly inputs: readonly { readonly name: string; readonly layer?: Layer }[];
  /** Each after those whose results it takes. */
  readonly nodes: readonly TopologyNode[];
  readonly outputs: readonly { readonly name: string; readonly value: number }[];
}

/** The node that makes a value; undefined for an input. */
export function sourceOf({ nodes }: Topology, value: number): TopologyNode | undefined {
  return nodes.find(({ outputs }) => outputs.includes(value));
}
