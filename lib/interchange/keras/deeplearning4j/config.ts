// The structure of a flat model as Deeplearning4j's importer reads it: Keras 2's config, without what concerns training.
import type { KerasConfig, KerasLayerObject, KerasObject } from '../keras-object.js';
import { writeLayer } from '../write-config.js';
import type { FlatInput, FlatLayer, FlatModel } from './flat-model.js';
import { importedLayer } from './layers.js';

/**
 * A `Sequential` where every layer takes the one before it and the last is the output, else a `Model`: the importer has a function
 * for each.
 * @throws CudaGanError `CUDA_GAN_VALUE` for what the importer does not take.
 */
export function flatConfig(model: FlatModel, name: string): KerasObject {
  const { inputs, layers, outputs } = model;
  if (isChain(model)) {
    return modelObject('Sequential', { name, layers: [...inputs.map(inputObject), ...layers.map(layerObject)] });
  }
  return modelObject('Model', {
    name,
    layers: [
      ...inputs.map((input) => ({ name: input.name, ...inputObject(input), inbound_nodes: [] })),
      ...layers.map((layer) => ({
        name: layer.name,
        ...layerObject(layer),
        inbound_nodes: [layer.inputs.map((input) => [...placeOf(input), {}])],
      })),
    ],
    input_layers: inputs.map((input) => placeOf(input.name)),
    output_layers: outputs.map(placeOf),
  });
}

const modelObject = (className: string, config: KerasConfig): KerasObject => ({ class_name: className, config });

/** The first tensor of the first place of a layer or input: there are no others. */
function placeOf(name: string): readonly [name: string, node: number, tensor: number] {
  return [name, 0, 0];
}

function isChain({ inputs, layers, outputs }: FlatModel): boolean {
  const names = [...inputs, ...layers].map(({ name }) => name);
  const follow = layers.every(
    (layer, i) => layer.inputs.length === 1 && layer.inputs[0] === names[i] && !importedLayer(layer).isVertex,
  );
  return inputs.length === 1 && follow && outputs.length === 1 && outputs[0] === names.at(-1);
}

function inputObject({ name, shape, dtype }: FlatInput): KerasLayerObject {
  return { class_name: 'InputLayer', config: { name, batch_input_shape: [null, ...shape], dtype, sparse: false } };
}

function layerObject(flat: FlatLayer): KerasLayerObject {
  const { class_name: className, config } = writeLayer('keras2', flat.layer, flat.name);
  const untrained = withoutTraining(config);
  return { class_name: className, config: { ...untrained, ...importedLayer(flat).adds?.(untrained, flat) } };
}

/** An initializer must be named, and has no effect on a layer whose weights are in the file. */
const initializer = { class_name: 'Zeros', config: {} };

function withoutTraining(config: KerasConfig): KerasConfig {
  const options = Object.entries(config)
    .filter(([key]) => !key.endsWith('_regularizer') && !key.endsWith('_constraint'))
    .map(([key, value]) => [key, key.endsWith('_initializer') ? initializer : value] as const);
  return Object.fromEntries(options);
}
