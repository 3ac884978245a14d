// Reshapes in a row: the last one says what becomes of the elements.
import { Flatten } from '../../../layers/flatten.js';
import { Reshape } from '../../../layers/reshape.js';
import type { FlatLayer, FlatModel } from './flat-model.js';

/** The model without layers that reshape for another one alone, which reshapes too. */
export function withoutRepeatedReshapes({ inputs, layers, outputs }: FlatModel): FlatModel {
  const takersOf = (name: string) => layers.filter((layer) => layer.inputs.includes(name));
  const isRepeated = (layer: FlatLayer) =>
    reshapes(layer) && !outputs.includes(layer.name) && takersOf(layer.name).every(reshapes);
  const repeated = new Map(layers.filter(isRepeated).map((layer) => [layer.name, layer] as const));
  const kept = layers.filter(({ name }) => !repeated.has(name));
  const connected = kept.map((layer): FlatLayer => {
    let { inputs: taken, inputShapes } = layer;
    for (let before = repeated.get(taken[0]!); before !== undefined; before = repeated.get(taken[0]!)) {
      ({ inputs: taken, inputShapes } = before);
    }
    return { ...layer, inputs: taken, inputShapes };
  });
  return { inputs, layers: connected, outputs };
}

function reshapes({ layer }: FlatLayer): boolean {
  return layer instanceof Flatten || layer instanceof Reshape;
}
