// The order in which Keras has the layers of a functional model: by it the weights in a file are numbered.
import type { Layer } from '../../layers/layer.js';
import type { LayerNode } from '../../layers/symbolic-tensor.js';
import type { Functional } from '../../models/functional.js';

/**
 * By depth, the inputs first, and among those of one depth as a search from the outputs meets them (`map_graph` of Keras). The
 * depth of a layer is the largest number of layers from one of its places to an output.
 */
export function layersInKerasOrder(model: Functional): readonly Layer[] {
  const found = new Map<Layer, number>();
  const nodes: LayerNode[] = [];
  const visited = new Set<LayerNode>();
  const visit = (node: LayerNode): void => {
    if (visited.has(node)) return;
    visited.add(node);
    if (!found.has(node.layer)) found.set(node.layer, found.size);
    for (const tensor of node.inputs) visit(tensor.node);
    nodes.push(node);
  };
  for (const { node } of model.outputs) visit(node);

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
