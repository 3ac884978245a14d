// The structure of a functional model as plain data, in Keras' manner: layers, each with the places where it is applied.
import { inWords, kindOf } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { InputLayer } from '../layers/input.js';
import type { Layer } from '../layers/layer.js';
import { isSavedLayer, layerFromConfig, type SavedLayer } from '../layers/registry.js';
import { type LayerNode, SymbolicTensor, type SymbolicTensors } from '../layers/symbolic-tensor.js';
import { namedConfig } from './config.js';
import type { Ends, Functional } from './functional.js';
import { inForm, type Structure } from './structure.js';

/** A tensor: the name of the layer that makes it, in which of its places, and which of the outputs there. */
export type TensorConfig = readonly [layer: string, node: number, output: number];

interface NodeConfig {
  readonly inputs: readonly TensorConfig[];
  readonly training?: boolean;
}

interface ConnectedLayer extends SavedLayer {
  /** Where the layer is applied; none for an input. */
  readonly inboundNodes: readonly NodeConfig[];
}

interface ConnectionsConfig {
  readonly layers: readonly ConnectedLayer[];
  readonly inputs: Structure<TensorConfig>;
  readonly outputs: Structure<TensorConfig>;
}

export function connectionsConfig(model: Functional): ConnectionsConfig {
  const tensorConfig = (tensor: SymbolicTensor) => placeOf(model, tensor);
  const nodeConfig = ({ inputs, training }: LayerNode): NodeConfig => ({
    inputs: inputs.map(tensorConfig),
    ...(training !== undefined && { training }),
  });
  const endsConfig = ({ form, names, tensors }: Ends) => inForm(form, names ?? [], tensors.map(tensorConfig));
  const { inputs, outputs } = model.ends;
  return {
    layers: model.layers.map((layer) => {
      const places = layer instanceof InputLayer ? [] : model.placesOf(layer);
      return { ...namedConfig(layer, model.nameOf(layer)), inboundNodes: places.map(nodeConfig) };
    }),
    inputs: endsConfig(inputs),
    outputs: endsConfig(outputs),
  };
}

/** A tensor of a model, as files say it. */
export function placeOf(model: Functional, { node, index }: SymbolicTensor): TensorConfig {
  return [model.nameOf(node.layer), model.placesOf(node.layer).indexOf(node), index];
}

/**
 * Makes the layers of a config and connects them again.
 * @throws CudaGanError `CUDA_GAN_VALUE` when it is no such config, or a layer waits for itself.
 */
export function tensorsFromConfig(config: { layers: unknown; inputs: unknown; outputs: unknown }): {
  inputs: SymbolicTensors;
  outputs: SymbolicTensors;
} {
  const layers = new Map<string, Layer>();
  /** The tensors of every place so far, by layer. */
  const made = new Map<string, (readonly SymbolicTensor[])[]>();
  const waiting: Waiting[] = [];
  for (const { saved, inboundNodes } of requireLayers(config.layers)) {
    const layer = layerFromConfig(saved);
    if (layers.has(layer.name)) throw mistake(`two layers are called "${layer.name}"`);
    layers.set(layer.name, layer);
    made.set(layer.name, layer instanceof InputLayer ? [[layer.tensor]] : []);
    waiting.push(...inboundNodes.map((node, place) => ({ layer, place, ...node })));
  }
  const tensorOf = ([name, node, output]: TensorConfig): SymbolicTensor | undefined => made.get(name)?.[node]?.[output];
  connect(waiting, made, tensorOf);
  const ends = (what: 'inputs' | 'outputs') => mapped(what, config[what], tensorOf);
  return { inputs: ends('inputs'), outputs: ends('outputs') };
}

/** A place that is yet to be made. */
interface Waiting extends NodeConfig {
  readonly layer: Layer;
  readonly place: number;
}

/** Applies layers as soon as what they take is there. */
function connect(
  waiting: readonly Waiting[],
  made: ReadonlyMap<string, (readonly SymbolicTensor[])[]>,
  tensorOf: (tensor: TensorConfig) => SymbolicTensor | undefined,
): void {
  let left = waiting;
  while (left.length > 0) {
    const later = left.filter(({ layer, place, inputs, training }) => {
      const places = made.get(layer.name)!;
      const tensors = inputs.map(tensorOf);
      if (places.length !== place || tensors.includes(undefined)) return true;
      const result = layer.apply<SymbolicTensors>(tensors as SymbolicTensor[], { training });
      places.push(placeOutputs(result));
      return false;
    });
    if (later.length === left.length) throw cannotConnect(later, made);
    left = later;
  }
}

/** All that a place makes, whatever form its layer hands it over in. */
function placeOutputs(result: SymbolicTensors): readonly SymbolicTensor[] {
  const [first] = result instanceof SymbolicTensor ? [result] : Object.values(result);
  return first!.node.outputs;
}

/** Says what a layer waits for: something that does not exist, or something that waits for it. */
function cannotConnect(left: readonly Waiting[], made: ReadonlyMap<string, unknown>): CudaGanError {
  for (const { layer, inputs } of left) {
    const [unknown] = inputs.find(([name]) => !made.has(name)) ?? [];
    if (unknown !== undefined) return mistake(`layer "${layer.name}" takes from "${unknown}", which is no layer of it`);
  }
  const names = [...new Set(left.map(({ layer }) => `"${layer.name}"`))];
  return mistake(
    `${names.join(', ')} cannot be connected: they wait for each other in a cycle, or for outputs that do not exist`,
  );
}

function mapped(
  what: 'inputs' | 'outputs',
  given: unknown,
  tensorOf: (tensor: TensorConfig) => SymbolicTensor | undefined,
): SymbolicTensors {
  const tensor = (config: unknown): SymbolicTensor => {
    const found = isTensorConfig(config) ? tensorOf(config) : undefined;
    if (found !== undefined) return found;
    throw mistake(`${inWords(config)} of its ${what} is no tensor of it; wanted is [layer, place, output]`);
  };
  if (kindOf(given) === 'Object') {
    return Object.fromEntries(Object.entries(given as object).map(([name, config]) => [name, tensor(config)]));
  }
  return Array.isArray(given) && !isTensorConfig(given) ? given.map(tensor) : tensor(given);
}

function requireLayers(given: unknown): { saved: SavedLayer; inboundNodes: readonly NodeConfig[] }[] {
  if (!isListOf(given, isConnectedLayer)) {
    throw mistake('it needs a list of layers, each with className, config and inboundNodes');
  }
  return given.map(({ className, config, inboundNodes }) => ({ saved: { className, config }, inboundNodes }));
}

/** An array without holes, which `every` would pass over. */
function isListOf<Item>(value: unknown, isItem: (item: unknown) => item is Item): value is Item[] {
  if (!Array.isArray(value)) return false;
  for (const item of value) if (!isItem(item)) return false;
  return true;
}

function isConnectedLayer(value: unknown): value is ConnectedLayer {
  if (!isSavedLayer(value) || !('inboundNodes' in value)) return false;
  const { inboundNodes } = value;
  return isListOf(inboundNodes, isNodeConfig);
}

function isNodeConfig(value: unknown): value is NodeConfig {
  const inputs: unknown = kindOf(value) === 'Object' ? (value as NodeConfig).inputs : undefined;
  return isListOf(inputs, isTensorConfig);
}

function isTensorConfig(value: unknown): value is TensorConfig {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [layer, node, output] = value;
  return typeof layer === 'string' && Number.isSafeInteger(node) && Number.isSafeInteger(output);
}

function mistake(message: string): CudaGanError {
  return new CudaGanError('CUDA_GAN_VALUE', `a config of a Functional: ${message}`);
}
