// Layers that compute nothing, where Deeplearning4j's importer needs one.
import { Activation } from '../../../layers/activation.js';
import type { FlatLayer, FlatModel } from './flat-model.js';
import { importedLayer } from './layers.js';

/**
 * The model with linear activations between preprocessors, before layers that cannot be first, and for outputs that are inputs,
 * taken by others too, or of layers that cannot be last.
 * @throws CudaGanError `CUDA_GAN_VALUE` for what the importer does not take.
 */
export function separate({ inputs, layers, outputs }: FlatModel, nameFor: (name: string) => string): FlatModel {
  const inputNames = new Set(inputs.map(({ name }) => name));
  const entries = new Map(layers.map((layer) => [layer.name, importedLayer(layer)] as const));
  const all: FlatLayer[] = [];
  const behind = (before: string): string => {
    const name = nameFor(`${before}_output`);
    all.push({ name, layer: new Activation({ activation: 'linear', name }), inputs: [before], inputShapes: [[1]] });
    return name;
  };
  for (const layer of layers) {
    const { isPreprocessor, cannotBeFirst } = entries.get(layer.name)!;
    const needsOther = (input: string) =>
      (isPreprocessor && entries.get(input)?.isPreprocessor) || (cannotBeFirst && inputNames.has(input));
    const connected = layer.inputs.map((input) => (needsOther(input) ? behind(input) : input));
    all.push({ ...layer, inputs: connected });
  }
  const taken = [...inputNames, ...layers.flatMap((layer) => layer.inputs), ...outputs];
  const isFree = (output: string) =>
    taken.indexOf(output) === taken.lastIndexOf(output) && !entries.get(output)!.cannotBeLast;
  const ends = outputs.map((output) => (isFree(output) ? output : behind(output)));
  return { inputs, layers: all, outputs: ends };
}
