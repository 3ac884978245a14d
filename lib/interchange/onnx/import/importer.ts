// A graph of ONNX on its way to become a connected model: what its tensors are so far, and the weights that its layers get.

import { inWords } from '../../../checks.js';
import { CudaGanError } from '../../../errors.js';
import * as layers from '../../../layers/index.js';
import { input } from '../../../layers/input.js';
import type { Layer, LayerOptions } from '../../../layers/layer.js';
import type { SymbolicTensor } from '../../../layers/symbolic-tensor.js';
import type { Variable } from '../../../program/variable.js';
import { formatShape, type Shape, sizeOf } from '../../../tensor.js';
import { channelsFirst, isPlain, keepsElements, type Order, ordered, plain, reordered, sameOrder } from '../layouts.js';
import type { Wire } from '../wire.cjs';
import type { ImportedNode } from './node.js';
import { batchLength, type Computed, type Constant, constantOf, type Imported, isFloats, type Rows } from './values.js';

/** Operators whose results are never below 0, and those whose results are where their inputs are. */
const notNegative: ReadonlySet<string> = new Set(['Abs', 'Relu', 'Sigmoid', 'Softmax', 'Softplus']);
const keepsSigns: ReadonlySet<string> = new Set([
  'AveragePool',
  'Concat',
  'Dropout',
  'Identity',
  'MaxPool',
  'Transpose',
]);

export class Importer {
  readonly wire: Wire;
  /** How many samples the file says that there are, where it says a number. */
  readonly fixedBatch: number | undefined;
  /** Whether the package wrote the file. */
  readonly #isOwn: boolean;
  readonly #values = new Map<string, Imported>();
  readonly #weights = new Map<Variable, Float32Array>();
  readonly #layerNames = new Set<string>();
  readonly #notNegative = new Set<string>();

  constructor(wire: Wire, { fixedBatch, isOwn }: { readonly fixedBatch: number | undefined; readonly isOwn: boolean }) {
    this.wire = wire;
    this.fixedBatch = fixedBatch;
    this.#isOwn = isOwn;
  }

  /** What a layer's weights begin with, by Variable. */
  get weights(): ReadonlyMap<Variable, Float32Array> {
    return this.#weights;
  }

  /** @throws CudaGanError when there is a tensor of that name already. */
  define(name: string, value: Imported): void {
    if (this.#values.has(name)) throw new CudaGanError('CUDA_GAN_FILE', `two tensors are called ${inWords(name)}`);
    this.#values.set(name, value);
  }

  /** @throws CudaGanError when no node before has made it. */
  valueOf(name: string): Imported {
    const found = this.known(name);
    if (found !== undefined) return found;
    throw new CudaGanError('CUDA_GAN_FILE', `nothing before it makes the tensor ${inWords(name)}`);
  }

  /** The value of that name, if there is one already. */
  known(name: string): Imported | undefined {
    return this.#values.get(name);
  }

  /** Remembers of the output of a node that nothing in it is below 0, where that is known. */
  note({ opType, input, output }: ImportedNode): void {
    const keeps = keepsSigns.has(opType) && input.length > 0 && input.every((name) => this.#notNegative.has(name));
    if (notNegative.has(opType) || keeps) this.#notNegative.add(output[0]!);
  }

  /** Whether it is known that nothing in a tensor is below 0. */
  isNotNegative(name: string): boolean {
    return this.#notNegative.has(name);
  }

  /** An input of a node, of whatever kind. */
  input(node: ImportedNode, i: number): Imported {
    if (!node.has(i)) throw node.refuse(`input ${i + 1} is missing`);
    return this.valueOf(node.input[i]!);
  }

  /** An input that the model computes. */
  computed(node: ImportedNode, i: number): Computed {
    const found = this.computedOrRows(node, i);
    if (found.kind === 'computed') return found;
    throw node.refuse(
      `input ${i + 1} has the places of samples in the place of samples, which is read of functions of elements, Gemm, MatMul, BatchNormalization, Gather and Reshape alone`,
    );
  }

  /** An input that the model computes, of samples or of places of samples. */
  computedOrRows(node: ImportedNode, i: number): Computed | Rows {
    const found = this.input(node, i);
    if (found.kind !== 'constant') return found;
    throw node.refuse(`input ${i + 1} is a constant; wanted is what depends on the model's inputs`);
  }

  /** An input that is known. */
  constant(node: ImportedNode, i: number): Constant {
    const found = this.input(node, i);
    if (found.kind === 'constant') return found;
    throw node.refuse(`input ${i + 1} is computed; wanted is a constant`);
  }

  /** An input whose last axis is the second of the file: a matrix, of which the rows may be places of samples. */
  matrix(node: ImportedNode, i: number): Computed | Rows {
    const found = this.computedOrRows(node, i);
    const rank = found.kind === 'rows' ? found.rank : found.order.length;
    if (rank === 2) return found;
    throw node.refuse(`input ${i + 1} has ${rank} dimensions; allowed are 2`);
  }

  floats(node: ImportedNode, i: number): { readonly dims: Shape; readonly data: Float32Array } {
    const { dims, data } = this.constant(node, i);
    if (isFloats(data)) return { dims, data };
    throw node.refuse(`input ${i + 1} has whole numbers; wanted are floats`);
  }

  /** Whole numbers, or undefined for an optional input that is not given. */
  integers(node: ImportedNode, i: number): readonly number[] | undefined {
    if (!node.has(i)) return undefined;
    const { data } = this.constant(node, i);
    if (!isFloats(data)) return data;
    throw node.refuse(`input ${i + 1} has floats; wanted are whole numbers`);
  }

  /** Whole numbers of an attribute, or since a later version of the operator of an input. */
  integersOf(node: ImportedNode, name: string, i: number): readonly number[] | undefined {
    return node.ints(name) ?? this.integers(node, i);
  }

  /** The tensor of an attribute, as a constant. */
  constantIn(tensor: Parameters<typeof constantOf>[0], isWeight: boolean): Constant {
    return constantOf(tensor, isWeight, this.wire);
  }

  /** Connects a layer of these weights, by their names in it. */
  apply(
    layer: Layer,
    inputs: readonly SymbolicTensor[],
    weights: Readonly<Record<string, Float32Array>> = {},
  ): SymbolicTensor {
    const output = layer.apply(inputs);
    for (const [name, variable] of layer.namedWeights) {
      const data = weights[name];
      if (data?.length !== variable.size) {
        throw new CudaGanError(
          'CUDA_GAN_FILE',
          `the ${name} has ${data?.length ?? 'no'} elements; wanted is ${formatShape(variable.shape)}`,
        );
      }
      this.#weights.set(variable, data);
    }
    return output;
  }

  /**
   * Options that name a layer after a node, as far as a name is free. In files of the package the first node of a layer has the name
   * of the layer back.
   */
  named({ name, opType }: ImportedNode): LayerOptions {
    const layer = this.#isOwn && name.endsWith(`/${opType}`) ? name.slice(0, -opType.length - 1) : '';
    const free = [layer, name].map(layerNameOf).find((label) => label !== '' && !this.#layerNames.has(label));
    if (free === undefined) return {};
    this.#layerNames.add(free);
    return { name: free };
  }

  /** A new input of the model. */
  addInput(name: string, shape: Shape, dtype: 'float32' | 'int32'): SymbolicTensor {
    const label = layerNameOf(name);
    this.#layerNames.add(label);
    return input({ shape, dtype, ...(label !== '' && { name: label }) });
  }

  /** A tensor whose axes are to those of the file as `wanted` says. */
  inOrder(value: Computed, wanted: Order): SymbolicTensor {
    if (sameOrder(value.order, wanted)) return value.tensor;
    const shape = [1, ...value.tensor.shape];
    const permutation = shape.map((_, axis) => value.order[wanted.indexOf(axis)]!);
    const layer = keepsElements(shape, permutation)
      ? layers.reshape({ targetShape: ordered(shape, permutation).slice(1) })
      : layers.permute({ dims: permutation.slice(1) });
    return layer.apply(value.tensor);
  }

  /** With the axes of the file. */
  plain(value: Computed): SymbolicTensor {
    return this.inOrder(value, plain(value.order.length));
  }

  /** Images of a tensor of the file for what works on these axes of it, which are its height and its width. */
  imagesOver(node: ImportedNode, i: number, axes: readonly number[]): Computed {
    const value = this.computed(node, i);
    const isOver = ({ order }: Computed) =>
      axes.every((axis) => order.length === 4 && (order[axis] === 1 || order[axis] === 2));
    const found = isOver(value) || value.order.length !== 4 ? value : asImages(this.inOrder(value, channelsFirst));
    if (isOver(found)) return found;
    throw node.refuse(`it works on axes ${axes.slice(0, 8).join(', ')}; allowed are height and width of images`);
  }

  /** Images [height, width, channels] of a tensor [n, channels, height, width] of the file. */
  images(node: ImportedNode, i: number): SymbolicTensor {
    const value = this.computed(node, i);
    if (value.order.length === 4) return this.inOrder(value, channelsFirst);
    throw node.refuse(`input ${i + 1} has ${value.order.length} dimensions; allowed are 4`);
  }
}

/** Images that a layer has made, as the file has them. */
export const asImages = (tensor: SymbolicTensor): Computed => ({ kind: 'computed', tensor, order: channelsFirst });

/** What a layer has made with the axes of the file. */
export function asPlain(tensor: SymbolicTensor): Computed {
  return { kind: 'computed', tensor, order: plain(tensor.shape.length + 1) };
}

/** Lengths along the axes of the file; that of the batch is `batchLength`. */
export function shapeInFile({ tensor, order }: Computed): number[] {
  return ordered([batchLength, ...tensor.shape], order);
}

/** A constant that is stretched to `value`, and as a weight of a sample of it has the same axes. */
export function operandFor(
  given: Computed | Rows,
  { dims, data }: Constant,
): { shape: Shape; data: Float32Array } | undefined {
  // Of places of samples one may be that of all of them alone.
  if (given.kind === 'rows' && dims.length >= given.rank && dims[0] !== 1) return undefined;
  const value = given.kind === 'rows' ? asPlain(given.tensor) : given;
  const lacking = value.order.length - dims.length;
  const full: number[] = [...Array(Math.max(lacking, 0)).fill(1), ...dims];
  if (lacking < 0 || full[0] !== 1) return undefined;
  const floats = isFloats(data) ? data : Float32Array.from(data);
  if (sizeOf(dims) === 1) return { shape: [], data: floats };
  const own = plain(full.length).map((axis) => value.order.indexOf(axis));
  return { shape: ordered(full, own).slice(1), data: isPlain(own) ? floats : reordered(floats, full, own) };
}

/** Names of layers have no `/`, which joins them to those of weights. */
export function layerNameOf(name: string): string {
  return name.replace(/^\/+/, '').replaceAll('/', '_').slice(0, 200);
}
