// A model as one graph of layers: models within it are dissolved into their layers.
import { CudaGanError } from '../../../errors.js';
import type { Layer } from '../../../layers/layer.js';
import { Model } from '../../../models/model.js';
import type { TopologyNode } from '../../../models/topology.js';
import type { DType, Shape } from '../../../tensor.js';

export interface FlatInput {
  readonly name: string;
  /** Of one sample. */
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A layer and what it takes: names of inputs and of layers before it. */
export interface FlatLayer {
  readonly name: string;
  readonly layer: Layer;
  readonly inputs: readonly string[];
  /** Of one sample each. */
  readonly inputShapes: readonly Shape[];
}

export interface FlatModel {
  readonly inputs: readonly FlatInput[];
  /** Each after those that it takes. */
  readonly layers: readonly FlatLayer[];
  /** Names of layers and inputs. */
  readonly outputs: readonly string[];
}

/**
 * @param nameFor a name that is not taken, for one that a layer or input has here: that of its model is in front where it is a part
 * of one
 * @throws CudaGanError `CUDA_GAN_VALUE` for a layer in several places, or in one that always runs in training mode.
 */
export function flatModel(model: Model, nameFor: (name: string) => string): FlatModel {
  const inputs = model.topology.inputs.map(({ name, layer }, i) => ({
    name: nameFor(layer === undefined ? name : model.nameOf(layer)),
    shape: model.inputShapes[i]!,
    dtype: model.inputDTypes[i]!,
  }));
  const names = inputs.map(({ name }) => name);
  const { layers, outputs } = new Flattening(nameFor).dissolve(model, names, '');
  return { inputs, layers, outputs };
}

interface Dissolved {
  readonly layers: readonly FlatLayer[];
  readonly outputs: readonly string[];
}

class Flattening {
  readonly #met = new Set<Layer>();
  readonly #nameFor: (name: string) => string;

  constructor(nameFor: (name: string) => string) {
    this.#nameFor = nameFor;
  }

  /** The layers of a model that is given `inputs`, and the names of its outputs. */
  dissolve(model: Model, inputs: readonly string[], prefix: string): Dissolved {
    const { nodes, outputs } = model.topology;
    const values = [...inputs];
    const layers: FlatLayer[] = [];
    for (const node of nodes) {
      const name = `${prefix}${model.nameOf(node.layer)}`;
      const taken = node.inputs.map((value) => values[value]!);
      const made = this.#dissolveNode(node, taken, name);
      layers.push(...made.layers);
      node.outputs.forEach((value, i) => {
        values[value] = made.outputs[i]!;
      });
    }
    return { layers, outputs: outputs.map(({ value }) => values[value]!) };
  }

  #dissolveNode(node: TopologyNode, inputs: readonly string[], label: string): Dissolved {
    const { layer, inputShapes } = node;
    this.#requireOnePlace(node, label);
    if (layer instanceof Model) return this.dissolve(layer, inputs, `${label}_`);
    const name = this.#nameFor(label);
    return { layers: [{ name, layer, inputs, inputShapes }], outputs: [name] };
  }

  #requireOnePlace({ layer, training }: TopologyNode, label: string): void {
    const met = this.#met.has(layer);
    this.#met.add(layer);
    if (!met && training !== true) return;
    const what = met ? 'is applied in several places' : 'is applied with training: true';
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `layer "${label}" (${layer.className}) ${what}, which Deeplearning4j's importer does not read`,
    );
  }
}
