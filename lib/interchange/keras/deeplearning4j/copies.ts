// Copies of values, where layers would spoil them for others in Deeplearning4j's graphs.
import { Add } from '../../../layers/merge.js';
import type { FlatLayer, FlatModel } from './flat-model.js';
import { importedLayer } from './layers.js';

/**
 * The model with a sum of one tensor, which is a copy there, before layers that work in the memory of what they take, where that
 * is not theirs.
 * @throws CudaGanError `CUDA_GAN_VALUE` for what the importer does not take.
 */
export function withCopies(model: FlatModel, nameFor: (name: string) => string): FlatModel {
  const all = model.layers.flatMap((flat): FlatLayer[] => {
    if (!needsCopy(model, flat)) return [flat];
    const name = nameFor(`${flat.name}_input`);
    const { inputs, inputShapes } = flat;
    return [
      { name, layer: new Add({ name }), inputs, inputShapes },
      { ...flat, inputs: [name] },
    ];
  });
  return { ...model, layers: all };
}

function needsCopy(model: FlatModel, flat: FlatLayer): boolean {
  if (!importedLayer(flat).worksInPlace) return false;
  const { inputs, layers, outputs } = model;
  const [input] = flat.inputs;
  const taken = [...layers.flatMap((layer) => layer.inputs), ...outputs];
  const isShared = taken.indexOf(input!) !== taken.lastIndexOf(input!);
  return isShared || (inputs.some(({ name }) => name === input) && handsOnToPreprocessor(model, flat.name));
}

/** Whether the memory that a layer works in comes to a preprocessor. */
function handsOnToPreprocessor(model: FlatModel, name: string): boolean {
  return model.layers
    .filter((layer) => layer.inputs.includes(name) && importedLayer(layer).worksInPlace)
    .some((layer) => importedLayer(layer).isPreprocessor || handsOnToPreprocessor(model, layer.name));
}
