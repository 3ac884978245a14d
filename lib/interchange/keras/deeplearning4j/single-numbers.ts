// Single numbers, such as classes, for Deeplearning4j's importer, whose samples have dimensions.
import { Embedding } from '../../../layers/embedding.js';
import { Flatten } from '../../../layers/flatten.js';
import type { FlatLayer, FlatModel } from './flat-model.js';

/** The model with samples of [1] in place of []: what an embedding makes of them loses that dimension again behind it. */
export function withoutSingleNumbers(
  { inputs, layers, outputs }: FlatModel,
  nameFor: (name: string) => string,
): FlatModel {
  const flattened = new Map<string, string>();
  const last = (name: string) => flattened.get(name) ?? name;
  const all = layers.flatMap((flat): FlatLayer[] => {
    const connected = { ...flat, inputs: flat.inputs.map(last) };
    if (!(flat.layer instanceof Embedding) || flat.inputShapes[0]!.length > 0) return [connected];
    const name = nameFor(`${flat.name}_flatten`);
    flattened.set(flat.name, name);
    const flatten = new Flatten({ name });
    return [
      { ...connected, inputShapes: [[1]] },
      { name, layer: flatten, inputs: [flat.name], inputShapes: [[1]] },
    ];
  });
  return {
    inputs: inputs.map((input) => (input.shape.length === 0 ? { ...input, shape: [1] } : input)),
    layers: all,
    outputs: outputs.map(last),
  };
}
