// The structure of a flat model as Deeplearning4j's importer reads it: Keras 2's config, without what concerns training.
import { Activation } from '../../../layers/activation.js';
import type { KerasConfig, KerasLayerObject, KerasObject } from '../keras-object.js';
import { writeLayer } from '../write-config.js';
import type { FlatInput, FlatLayer, FlatModel } from './flat-model.js';
import { importedLayers } from './layers.js';

export function flatConfig({ inputs, layers, outputs }: FlatModel, name: string): KerasObject {
  const isChain = inputs.length === 1 && outputs.length === 1 && layers.every(({ inputs: taken }, i) => {
    const before = i === 0 ? inputs[0]!.name : layers[i - 1]!.name;
    return taken.length === 1 && taken[0] === before;
  }) && outputs[0] === layers.at(-1)!.name;
  if (isChain && !process.env.MODEL) {
    return {
      class_name: 'Sequential',
      config: { name, layers: [...inputs.map(inputObject), ...layers.map(layerObject)] },
    };
  }
  return {
    class_name: 'Model',
    config: {
      name,
      layers: [
        ...inputs.map((input) => ({ name: input.name, ...inputObject(input), inbound_nodes: [] })),
        ...layers.map((layer) => ({ name: layer.name, ...layerObject(layer), inbound_nodes: [layer.inputs.map(place)] })),
      ],
      input_layers: inputs.map(({ name }) => place(name).slice(0, 3)),
      output_layers: outputs.map((name) => place(name).slice(0, 3)),
    },
  };
}

const place = (name: string): readonly unknown[] => [name, 0, 0, {}];

function inputObject({ name, shape, dtype }: FlatInput): KerasLayerObject {
  return { class_name: 'InputLayer', config: { name, batch_input_shape: [null, ...shape], dtype, sparse: false } };
}

function layerObject(flat: FlatLayer): KerasLayerObject {
  const { class_name, config } = writeLayer('keras2', flat.layer, flat.name);
  const kept = Object.entries(config).flatMap(([key, value]) => {
    if (key.endsWith('_initializer')) return [[key, { class_name: 'Zeros', config: {} }]];
    return key.endsWith('_regularizer') || key.endsWith('_constraint') ? [] : [[key, value]];
  });
  const plain: KerasConfig = Object.fromEntries(kept);
  return { class_name, config: { ...plain, ...importedLayers[flat.layer.className]?.adds?.(flat, plain) } };
}

/** Two preprocessors in a row, or one at the end, are lost. */
export function separated({ inputs, layers, outputs }: FlatModel): FlatModel {
  const kind = new Map(layers.map(({ name, layer }) => [name, importedLayers[layer.className]?.isPreprocessor]));
  const added: FlatLayer[] = [];
  const sep = (name: string): string => {
    const made = `${name}_output`;
    if (!added.some((l) => l.name === made)) added.push({ name: made, layer: new Activation({ activation: 'linear' }), inputs: [name], inputShapes: [] });
    return made;
  };
  const all: FlatLayer[] = [];
  for (const layer of layers) {
    const taken = kind.get(layer.name) ? layer.inputs.map((n) => (kind.get(n) ? sep(n) : n)) : layer.inputs;
    all.push(...added.splice(0), { ...layer, inputs: taken });
  }
  const ends = outputs.map((n) => (kind.get(n) ? sep(n) : n));
  return { inputs, layers: [...all, ...added], outputs: ends };
}

const decimals = new Set(['alpha', 'rate', 'dropout', 'stddev', 'momentum', 'epsilon']);
export function toJson(value: unknown, key = ''): string {
  if (Array.isArray(value)) return `[${value.map((item) => toJson(item)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}:${toJson(item, name)}`).join(',')}}`;
  }
  const text = JSON.stringify(value);
  return decimals.has(key) && /^-?\d+$/.test(text) ? `${text}.0` : text;
}
