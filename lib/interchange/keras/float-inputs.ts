// Class numbers that Keras must be given as float32.
import { InputLayer } from '../../layers/input.js';
import type { Layer } from '../../layers/layer.js';
import { SpectralNormalization } from '../../layers/spectral-normalization.js';
import type { LayerNode, SymbolicTensor } from '../../layers/symbolic-tensor.js';
import type { Functional } from '../../models/functional.js';

/**
 * Inputs of class numbers that come to an embedding under spectral normalisation: Keras casts what that makes to the type of what
 * it takes, which would leave whole numbers of the vectors. The embedding casts what it takes itself.
 */
export function floatInputs(model: Functional): ReadonlySet<Layer> {
  const found = new Set<Layer>();
  const visited = new Set<LayerNode>();
  const visit = ({ node, dtype }: SymbolicTensor): void => {
    if (dtype !== 'int32' || visited.has(node)) return;
    visited.add(node);
    if (node.layer instanceof InputLayer) found.add(node.layer);
    for (const tensor of node.inputs) visit(tensor);
  };
  for (const layer of model.layers) {
    if (!(layer instanceof SpectralNormalization)) continue;
    for (const { inputs } of model.placesOf(layer)) for (const tensor of inputs) visit(tensor);
  }
  return found;
}
