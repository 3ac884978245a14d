// The order in which Keras has the layers of a functional model: by it the weights in a file are numbered.
import type { Layer } from '../../layers/layer.js';
import type { LayerNode, SymbolicTensor } from '../../layers/symbolic-tensor.js';
import { type Ends, Functional } from '../../models/functional.js';

/**
 * In which order a file counts inputs and outputs that are a record: Keras takes a dict by its sorted keys; where a file says lists
 * in their place, it is `given`, the order of the record.
 */
export type RecordOrder = 'sorted' | 'given';

/** Keys as Python sorts them: by code points, which UTF-8 keeps in order. */
export function sortedKeys(keys: readonly string[]): readonly string[] {
  return [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** The names of a record in the order in which a file counts them; undefined for what is no record. */
export function namesInOrder({ names }: Pick<Ends, 'names'>, order: RecordOrder): readonly string[] | undefined {
  return names === undefined || order === 'given' ? names : sortedKeys(names);
}

/** Tensors that are the inputs or outputs `ends`, in the order in which a file counts them. */
function inFile<Item>(items: readonly Item[], ends: Ends, order: RecordOrder): readonly Item[] {
  const { names } = ends;
  return namesInOrder(ends, order)?.map((name) => items[names!.indexOf(name)]!) ?? items;
}

/**
 * By depth, the inputs first, and among those of one depth as a search from the outputs meets them (`map_graph` of Keras). The
 * depth of a layer is the largest number of layers from one of its places to an output.
 */
export function layersInKerasOrder(model: Functional, order: RecordOrder): readonly Layer[] {
  const found = new Map<Layer, number>();
  const nodes: LayerNode[] = [];
  const visited = new Set<LayerNode>();
  const takenBy = ({ layer, inputs }: LayerNode): readonly SymbolicTensor[] =>
    layer instanceof Functional ? inFile(inputs, layer.ends.inputs, order) : inputs;
  const visit = (node: LayerNode): void => {
    if (visited.has(node)) return;
    visited.add(node);
    if (!found.has(node.layer)) found.set(node.layer, found.size);
    for (const tensor of takenBy(node)) visit(tensor.node);
    nodes.push(node);
  };
  for (const { node } of inFile(model.outputs, model.ends.outputs, order)) visit(node);

  const nodeDepths = new Map<LayerNode, number>();
  const depths = new Map<Layer, number>();
  for (const node of nodes.reverse()) {
    const depth = Math.max(nodeDepths.get(node) ?? 0, depths.get(node.layer) ?? 0);
    depths.set(node.layer, depth);
    for (const tensor of node.inputs) {
      nodeDepths.set(tensor.node, Math.max(depth + 1, nodeDepths.get(tensor.node) ?? 0));
    }
  }
  return [...found.keys()].sort((a, b) => depths.get(b)! - depths.get(a)! || found.get(a)! - found.get(b)!);
}
