// Layers that compute nothing, where Deeplearning4j's importer needs one.
import { Activation } from '../../../layers/activation.js';
import type { FlatLayer, FlatModel } from './flat-model.js';
import { importedLayer } from './layers.js';

/**
 * The model with linear activations between preprocessors, behind those at its ends, and before layers that cannot be first.
 * @throws CudaGanError `CUDA_GAN_VALUE` for what the importer does not take.
 */
export function separate({ inputs, layers, outputs }: FlatModel, nameFor: (name: string) => string): FlatModel {
  const inputNames = new Set(inputs.map(({ name }) => name));
  const preprocessors = new Set(layers.filter((layer) => importedLayer(layer).isPreprocessor).map(({ name }) => name));
  const all: FlatLayer[] = [];
  const behind = (before: string): string => {
    const name = nameFor(`${before}_output`);
    all.push({ name, layer: new Activation({ activation: 'linear', name }), inputs: [before], inputShapes: [[1]] });
    return name;
  };
  for (const layer of layers) {
    const { isPreprocessor = false, cannotBeFirst = false } = importedLayer(layer);
    const needsOther = (input: string) =>
      (isPreprocessor && preprocessors.has(input)) || (cannotBeFirst && inputNames.has(input));
    const taken = layer.inputs.map((input) => (needsOther(input) ? behind(input) : input));
    all.push({ ...layer, inputs: taken });
  }
  const ends = outputs.map((output) => (preprocessors.has(output) ? behind(output) : output));
  return { inputs, layers: all, outputs: ends };
}
