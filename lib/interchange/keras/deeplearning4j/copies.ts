// Copies of values, where layers would spoil them for others in Deeplearning4j's graphs.
import { Add } from '../../../layers/merge.js';
import type { FlatLayer, FlatModel } from './flat-model.js';
import { importedLayer } from './layers.js';

/**
 * The model with a sum of one tensor, which is a copy there, before layers that work in the memory of what they take while others
 * take it too.
 * @throws CudaGanError `CUDA_GAN_VALUE` for what the importer does not take.
 */
export function withCopies({ inputs, layers, outputs }: FlatModel, nameFor: (name: string) => string): FlatModel {
  const taken = [...layers.flatMap((layer) => layer.inputs), ...outputs];
  const isShared = (name: string) => taken.indexOf(name) !== taken.lastIndexOf(name);
  const all = layers.flatMap((flat): FlatLayer[] => {
    const [input] = flat.inputs;
    if (!importedLayer(flat).worksInPlace || !isShared(input!)) return [flat];
    const name = nameFor(`${flat.name}_input`);
    const copy = { name, layer: new Add({ name }), inputs: [input!], inputShapes: flat.inputShapes };
    return [copy, { ...flat, inputs: [name] }];
  });
  return { inputs, layers: all, outputs };
}
