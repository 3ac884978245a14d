// The structure of a model as TensorFlow.js reads it: Keras' config, held to what TensorFlow.js has.
import { inWords } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import { InputLayer } from '../../layers/input.js';
import type { Layer } from '../../layers/layer.js';
import { Functional } from '../../models/functional.js';
import { Model } from '../../models/model.js';
import type { NamedVariables } from '../../models/weights.js';
import type { Variable } from '../../program/variable.js';
import { type KerasConfig, type KerasObject, ownValue, within } from '../keras/keras-object.js';
import { isAllowed } from '../keras/layer-table.js';
import { layersOf } from '../keras/weight-places.js';
import { writeModel } from '../keras/write-config.js';
import { type TfjsLayer, tfjsLayers, tfjsOptions } from './layer-table.js';
import { tfjsPart } from './parts.js';
import { mapConnected, type Place } from './places.js';
import { layerWeights } from './weight-names.js';

export interface Topology {
  readonly config: KerasObject;
  /** All weights by the names that TensorFlow.js has for them. */
  readonly weights: NamedVariables;
}

/**
 * A model as TensorFlow.js has it.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a layer, or an option of one, that TensorFlow.js has not.
 */
export function writeTopology(model: Model): Topology {
  const writer = new TopologyWriter(layersOf(model, 'given').map((layer) => model.nameOf(layer)));
  requireDistinctOutputs(model);
  const config = writer.model(model, writeModel(model, 'keras2'), { outermost: true, frozen: false });
  return { config, weights: writer.weights };
}

/** A layer in the config of a model. */
interface LayerObject extends KerasObject {
  readonly name?: string;
  /** Where it is applied: what it takes there. */
  readonly inbound_nodes?: readonly (readonly Place[])[];
}

interface Around {
  readonly outermost: boolean;
  /** Whether a model around keeps its weights from training: TensorFlow.js asks only layers. */
  readonly frozen: boolean;
}

class TopologyWriter {
  readonly weights: (readonly [name: string, variable: Variable])[] = [];
  /** Names of layers: the weights of all models, however deep, go by them alone. */
  readonly #taken: Set<string>;

  constructor(taken: readonly string[]) {
    this.#taken = new Set(taken);
  }

  model(model: Model, object: KerasObject, { outermost, frozen }: Around): KerasObject {
    const given = object.config.layers as readonly LayerObject[];
    const layers = layersOf(model, 'given');
    // A stack that knows the shape of its input has a layer for that in front.
    const own = given.slice(given.length - layers.length);
    const names = new Map(
      layers.map((layer) => {
        const name = model.nameOf(layer);
        return [name, outermost || hasNoWeights(layer) ? name : this.#freeName(model, name)] as const;
      }),
    );
    const around = { outermost: false, frozen: frozen || !model.trainable };
    const written = layers.map((layer, i) => {
      const name = model.nameOf(layer);
      return this.#layer(layer, name, own[i]!, names.get(name)!, around);
    });
    const config = { ...object.config, layers: [...given.slice(0, given.length - layers.length), ...written] };
    return mapConnected({ ...object, config }, ([name, ...rest]) => [names.get(name) ?? name, ...rest]);
  }

  /** A name that no layer has yet, of all models. */
  #freeName(model: Model, name: string): string {
    const others = new Set(layersOf(model, 'given').map((layer) => model.nameOf(layer)));
    let free = name;
    for (let number = 1; this.#taken.has(free) || (free !== name && others.has(free)); number++) {
      free = `${name}_${number}`;
    }
    this.#taken.add(free);
    return free;
  }

  #layer(layer: Layer, label: string, object: LayerObject, name: string, around: Around): LayerObject {
    requirePlainPlaces(label, object);
    if (layer instanceof InputLayer) return object;
    if (layer instanceof Model) return { ...object, ...this.model(layer, object, around) };
    return within(`layer "${label}" (${layer.className})`, () => {
      const entry = ownValue(tfjsLayers, layer.className);
      if (entry === 'missing') throw new CudaGanError('CUDA_GAN_VALUE', 'TensorFlow.js has no such layer');
      if (layer.weights.length > 0) requireTensorName(name);
      for (const [weight, variable] of layerWeights(layer)) this.weights.push([`${name}/${weight}`, variable]);
      const named = object.name === undefined ? object : { ...object, name };
      const config = { ...object.config, name, ...(around.frozen && { trainable: false }) };
      // TensorFlow.js knows classes of the user's by their bare names.
      if (entry === undefined) return { ...named, class_name: layer.className, config };
      if (layer.inputShapes.some(({ length }) => length < (entry.leastRank ?? 0))) {
        throw new CudaGanError('CUDA_GAN_VALUE', 'in TensorFlow.js it takes no vectors; leave it out');
      }
      return { ...named, config: tfjsConfig(config, entry) };
    });
  }
}

/** Its `predict` finds only one of several outputs that are the same tensor. */
function requireDistinctOutputs(model: Model): void {
  const tensors = model instanceof Functional ? model.ends.outputs.tensors : [];
  if (new Set(tensors).size === tensors.length) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `model "${model.name}" has two outputs that are the same tensor, which TensorFlow.js does not compute`,
  );
}

/** Models have names only for people: what counts are their layers'. */
function hasNoWeights(layer: Layer): boolean {
  return layer instanceof Model || layer.weights.length === 0;
}

function tfjsConfig(config: KerasConfig, entry: TfjsLayer): KerasConfig {
  for (const [option, allowed] of Object.entries({ ...tfjsOptions, ...entry.only })) {
    const value = config[option];
    if (value === undefined || value === null || isAllowed(allowed, value)) continue;
    const has = allowed.length === 0 ? 'no such option' : allowed.map((one) => JSON.stringify(one)).join(', ');
    throw new CudaGanError('CUDA_GAN_VALUE', `${option} is ${inWords(value)}; TensorFlow.js has ${has}`);
  }
  return Object.fromEntries(Object.entries(config).map(([option, value]) => [option, tfjsPart(value)]));
}

/** TensorFlow.js runs all layers in the mode of the model. */
function requirePlainPlaces(label: string, { inbound_nodes: places = [] }: LayerObject): void {
  const settings = places.flat().map(([, , , given]) => given ?? {});
  const pinned = settings.find((given) => Object.keys(given).length > 0);
  if (pinned === undefined) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `layer "${label}" is applied with ${JSON.stringify(pinned)}; TensorFlow.js has no such setting of single layers`,
  );
}

/** What TensorFlow.js takes for the name of a weight. */
function requireTensorName(name: string): void {
  if (/^[A-Za-z0-9][-A-Za-z0-9_./]*$/.test(name)) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    'in TensorFlow.js, names of layers with weights are of letters, digits, and "-", "_", "." and "/" behind the first',
  );
}
