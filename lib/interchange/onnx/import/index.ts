// A model of layers from an ONNX file: the feed-forward part of what such files may hold.
//
// Every node becomes a layer, or several, of a connected model, which trains and is saved as any other. Images are [n,
// channels, height, width] in such files, and [n, height, width, channels] here: inputs and outputs of four dimensions are
// turned round, once, and within the model the order of axes is only kept account of.
import { inWords, maxRank } from '../../../checks.js';
import type { Device } from '../../../devices/device.js';
import type { DeviceChoice } from '../../../devices/names.js';
import { CudaGanError } from '../../../errors.js';
import type { SymbolicTensor } from '../../../layers/symbolic-tensor.js';
import { Functional } from '../../../models/functional.js';
import type { Model } from '../../../models/model.js';
import type { PixelRange } from '../../../models/pixel-range.js';
import { tensor } from '../../../tensor.js';
import { decodeModel } from '../decode.js';
import { channelsFirst, plain, sameOrder } from '../layouts.js';
import { dataTypes, type GraphProto, type ModelProto, type NodeProto, type ValueInfoProto } from '../model-proto.js';
import { pixelRangeKey, producerName } from '../names.js';
import { loadWire } from '../wire.cjs';
import { Importer, layerNameOf } from './importer.js';
import { ImportedNode } from './node.js';
import { fold, isFolded } from './ops/constants.js';
import { importers } from './ops/index.js';
import { matMul } from './ops/products.js';
import { type Made, patterns, type Readers } from './patterns/index.js';
import { type Computed, constantOf, typeName } from './values.js';

/** Versions of ONNX's operators (2019 to 2025) between which those that are read mean the same, or differ in ways that are read. */
const opsets = { least: 9, most: 25 } as const;

/** More than any feed-forward network of today has, and few enough to be connected in a moment. */
const maxNodes = 2048;

/**
 * The model in the bytes of an ONNX file, on `device` (default `auto`); `source` names the file in errors.
 * @throws CudaGanError `CUDA_GAN_FILE` when it is damaged, or holds what layers do not do: the message names node and operator.
 */
export async function importOnnx(
  bytes: Uint8Array,
  source: string,
  device?: Device | DeviceChoice | undefined,
): Promise<Model> {
  const file = decodeModel(bytes, source, loadWire());
  try {
    return await modelOf(file, device);
  } catch (error) {
    if (!(error instanceof CudaGanError)) throw error;
    throw new CudaGanError('CUDA_GAN_FILE', `${source}: ${error.message}`, { cause: error });
  }
}

async function modelOf(file: ModelProto, device: Device | DeviceChoice | undefined): Promise<Model> {
  const { graph } = file;
  if (graph === undefined) throw mistake('it has no graph');
  const opset = opsetOf(file);
  const { inputs, outputs, importer } = connect(graph, opset, file.producerName === producerName);
  const name = layerNameOf(graph.name);
  const pixelRange = pixelRangeOf(file);
  const model = new Functional({
    inputs: only(inputs),
    outputs: only(outputs),
    ...(name !== '' && { name }),
    ...(pixelRange && { pixelRange }),
    device,
  });
  await model.takeWeights(model.weights.map((variable) => tensor(importer.weights.get(variable)!, variable.shape)));
  return model as Model;
}

/** One by itself, several by their names. */
function only(tensors: ReadonlyMap<string, SymbolicTensor>): SymbolicTensor | Readonly<Record<string, SymbolicTensor>> {
  const [first, ...others] = tensors.values();
  return others.length === 0 ? first! : Object.fromEntries(tensors);
}

interface Connected {
  readonly inputs: ReadonlyMap<string, SymbolicTensor>;
  readonly outputs: ReadonlyMap<string, SymbolicTensor>;
  readonly importer: Importer;
}

function connect(graph: GraphProto, opset: number, isOwn: boolean): Connected {
  const wire = loadWire();
  const constants = new Set(graph.initializer.map(({ name }) => name));
  const given = graph.input.filter(({ name }) => !constants.has(name));
  const importer = new Importer(wire, { fixedBatch: fixedBatchOf(given), isOwn });
  for (const item of graph.initializer) importer.define(item.name, constantOf(item, true, wire));
  const nodes = neededNodes(graph);
  const inputs = new Map<string, SymbolicTensor>();
  for (const info of given) {
    const keepsAxes = isOwn || isTurnedAtOnce(info.name, nodes);
    const value = inputOf(importer, info, keepsAxes);
    importer.define(info.name, value);
    inputs.set(info.name, value.tensor);
  }
  importNodes(importer, graph, nodes, opset);
  const outputs = new Map(graph.output.map(({ name }) => [name, outputOf(importer, name)]));
  if (inputs.size === 0 || outputs.size === 0) throw mistake('it has no inputs, or no outputs');
  return { inputs, outputs, importer };
}

function importNodes(importer: Importer, graph: GraphProto, protos: readonly NodeProto[], opset: number): void {
  const nodes = protos.map((proto) => new ImportedNode(proto, opset));
  const readers = readersOf(graph, nodes);
  const done = new Set<ImportedNode>();
  for (const node of nodes) {
    if (done.has(node)) continue;
    try {
      const { made, took = [] } = importNode(importer, node, readers);
      const all = [node, ...took];
      for (const part of all) part.requireAllRead();
      for (const part of took) done.add(part);
      const last = all.at(-1)!;
      importer.define(last.output[0]!, made);
      importer.note(last);
    } catch (error) {
      if (!(error instanceof CudaGanError) || error.message.startsWith('node ')) throw error;
      throw node.refuse(error.message, error);
    }
  }
}

function importNode(importer: Importer, node: ImportedNode, readers: Readers): Made {
  if (isFolded(importer, node)) return { made: fold(importer, node) };
  if (node.opType === 'MatMul') return matMul(importer, node, readers);
  const pattern = Object.hasOwn(patterns, node.opType) ? patterns[node.opType] : undefined;
  const found = pattern?.(importer, node, readers);
  if (found !== undefined) return found;
  const make = Object.hasOwn(importers, node.opType) ? importers[node.opType] : undefined;
  if (make !== undefined) return { made: make(importer, node) };
  throw node.refuse(
    `the operator is not read; those that are: ${[...Object.keys(importers), 'MatMul'].sort().join(', ')}`,
  );
}

/** The nodes that the outputs follow from. */
function neededNodes({ node: nodes, output }: GraphProto): readonly NodeProto[] {
  const needed = new Set(output.map(({ name }) => name));
  const found = [...nodes].reverse().filter(({ input, output: made }) => {
    if (!made.some((name) => needed.has(name))) return false;
    for (const name of input) needed.add(name);
    return true;
  });
  if (found.length > maxNodes) throw mistake(`it has ${found.length} nodes; allowed are at most ${maxNodes}`);
  return found.reverse();
}

function readersOf({ output }: GraphProto, nodes: readonly ImportedNode[]): Readers {
  const readers = new Map<string, (ImportedNode | undefined)[]>(output.map(({ name }) => [name, [undefined]]));
  for (const node of nodes) {
    for (const name of new Set(node.input)) {
      const others = readers.get(name);
      if (others === undefined) readers.set(name, [node]);
      else others.push(node);
    }
  }
  const places = new Map(nodes.map((node, i) => [node, i]));
  const all = ({ output: [made] }: ImportedNode) => readers.get(made ?? '') ?? [];
  return {
    all,
    onlyReader: (node) => (all(node).length === 1 ? all(node)[0] : undefined),
    following: (node, count) => nodes.slice(places.get(node)! + 1, places.get(node)! + 1 + count),
  };
}

/** An input has the batch as its first axis, whatever length the file gives that. */
function inputOf(importer: Importer, { name, elemType, shape }: ValueInfoProto, keepsAxes: boolean): Computed {
  const label = `input ${inWords(name)}`;
  const isFloat = elemType === dataTypes.FLOAT;
  if (!isFloat && elemType !== dataTypes.INT32 && elemType !== dataTypes.INT64) {
    throw mistake(`${label} is of ${typeName(elemType)}; allowed are FLOAT, INT32 and INT64`);
  }
  const lengths = shape?.slice(1);
  if (shape === undefined || shape.length === 0 || !lengths?.every((length) => typeof length === 'number')) {
    throw mistake(
      `${label} has no shape with a batch and lengths of its own: layers are made for one shape of samples`,
    );
  }
  if (shape.length > maxRank) throw mistake(`${label} has ${shape.length} dimensions; allowed are at most ${maxRank}`);
  const order = isFloat && shape.length === 4 && !keepsAxes ? channelsFirst : plain(shape.length);
  const sample = order.map((_, axis) => shape[order.indexOf(axis)] as number).slice(1);
  return { kind: 'computed', order, tensor: importer.addInput(name, sample, isFloat ? 'float32' : 'int32') };
}

/** Whether images come with their channels last: all that reads them brings the channels to the front. */
function isTurnedAtOnce(name: string, nodes: readonly NodeProto[]): boolean {
  const readers = nodes.filter(({ input }) => input.includes(name));
  const isTurn = ({ opType, attribute }: NodeProto) =>
    opType === 'Transpose' && attribute.some(({ name: key, ints }) => key === 'perm' && ints?.join() === '0,3,1,2');
  return readers.length > 0 && readers.every(isTurn);
}

/** Images with their channels last; everything else as the file has it. */
function outputOf(importer: Importer, name: string): SymbolicTensor {
  const value = importer.valueOf(name);
  if (value.kind === 'constant') throw mistake(`output ${inWords(name)} does not depend on the inputs`);
  if (value.kind === 'rows') {
    throw mistake(`output ${inWords(name)} has the places of samples as its samples; a model makes one of each sample`);
  }
  return sameOrder(value.order, channelsFirst) ? value.tensor : importer.plain(value);
}

function fixedBatchOf(inputs: readonly ValueInfoProto[]): number | undefined {
  const [first] = inputs[0]?.shape ?? [];
  return typeof first === 'number' ? first : undefined;
}

function opsetOf({ opsetImport }: ModelProto): number {
  const own = opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx');
  const version = own?.version ?? 0;
  if (version >= opsets.least && version <= opsets.most) return version;
  const found = own === undefined ? 'names no version of the operators' : `has version ${version} of the operators`;
  throw mistake(`it ${found}; allowed are ${opsets.least} to ${opsets.most}`);
}

/** What the package has written; anything else is not meant for it. */
function pixelRangeOf({ metadataProps }: ModelProto): PixelRange | undefined {
  const text = metadataProps.find(({ key }) => key === pixelRangeKey)?.value;
  const [, low, high] = /^\[(-?[\d.e+-]+),(-?[\d.e+-]+)\]$/.exec(text ?? '') ?? [];
  return high === undefined ? undefined : [Number(low), Number(high)];
}

const mistake = (message: string) => new CudaGanError('CUDA_GAN_FILE', message);
