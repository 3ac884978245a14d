// Where the values of a recording are in the file, as tensors.
//
// A value has one tensor, or several that differ in the order of their axes. Operators that do not mind the order take
// images as they are: from one convolution to the next they stay channels-first, and a `Transpose` stands only where such
// a region begins and ends.
import type { Value } from '../../../program/value.js';
import { attributeOf } from '../encode.js';
import {
  channelsFirstOf,
  isPlain,
  keepsElements,
  type Order,
  ordered,
  permutationFrom,
  plain,
  reordered,
  sameOrder,
} from '../layouts.js';
import {
  type AttributeProto,
  type Dimension,
  elemTypes,
  type GraphProto,
  type ValueInfoProto,
} from '../model-proto.js';
import type { Constant } from './constants.js';
import { GraphBuilder } from './graph-builder.js';
import type { Dim, Recording } from './recording.js';

/** A tensor of the file, and the order of its axes. */
export interface Placed {
  readonly name: string;
  readonly order: Order;
}

/** What a graph is called, and its inputs and outputs. */
export interface GraphNames {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** The name of the dimension that is as long as there are samples. */
const batchName = 'batch';

export class Emitter {
  readonly builder = new GraphBuilder();
  readonly #recording: Recording;
  readonly #constants: ReadonlyMap<Value, Constant>;
  readonly #placed = new Map<Value, readonly Placed[]>();
  readonly #inputs: readonly string[];
  readonly #outputs: readonly string[];
  readonly #name: string;
  /** Multiples of the number of samples that are computed already. */
  readonly #batchLengths = new Map<number, string>();

  constructor(recording: Recording, constants: ReadonlyMap<Value, Constant>, names: GraphNames) {
    this.#recording = recording;
    this.#constants = constants;
    this.#name = names.name;
    this.#inputs = names.inputs.map((name) => this.builder.freeName(name));
    this.#outputs = names.outputs.map((name) => this.builder.freeName(name));
    recording.inputs.forEach((value, i) => {
      this.#place(value, { name: this.#inputs[i]!, order: plain(value.shape.length) });
    });
  }

  /** Calls `emit` for what makes `value`: nodes are named after its layer. */
  emit(value: Value, emit: () => Placed): void {
    this.builder.scope = this.#recording.scopeOf(value);
    this.#place(value, emit());
  }

  /** Adds a node with one output, and returns the name of that. */
  node(opType: string, input: readonly string[], attribute: readonly AttributeProto[] = []): string {
    return this.builder.node(opType, input, attribute);
  }

  /** The tensor of a value with its axes in that order, by default its own. */
  tensor(value: Value, order: Order = plain(value.shape.length)): string {
    const known = this.#tensorsOf(value);
    const found = known.find((placed) => sameOrder(placed.order, order));
    if (found !== undefined) return found.name;
    const constant = this.#constants.get(value);
    const name =
      constant === undefined ? this.#transposed(known[0]!, order) : this.#initializer(constant, value.shape, order);
    this.#place(value, { name, order });
    return name;
  }

  /** A tensor of a value whose elements lie one after the other as its own do. */
  elements(value: Value): string {
    const found = this.#tensorsOf(value).find(({ order }) => keepsElements(value.shape, order));
    return found?.name ?? this.tensor(value);
  }

  isConstant(value: Value): boolean {
    return this.#constants.has(value);
  }

  dimsOf(value: Value): readonly Dim[] {
    return this.#recording.dimsOf(value);
  }

  /** Channels-first, where images, or sequences, among the values are there in no other order; else that of the axes themselves. */
  orderFor(values: readonly Value[], rank: number): Order {
    if (rank < 3) return plain(rank);
    const channelsFirst = channelsFirstOf(rank);
    const isChannelsFirst = (value: Value) => {
      if (value.shape.length !== rank || this.isConstant(value)) return false;
      return this.#tensorsOf(value).every(({ order }) => sameOrder(order, channelsFirst));
    };
    return values.some(isChannelsFirst) ? channelsFirst : plain(rank);
  }

  /** Tensors of values that are broadcast against each other, with their axes in the order that suits them. */
  aligned(values: readonly Value[], rank: number): { readonly names: string[]; readonly order: Order } {
    const order = this.orderFor(values, rank);
    const inOrder = (value: Value) => {
      if (isPlain(order) || value.shape.length === 0) return this.tensor(value);
      return value.shape.length === rank ? this.tensor(value, order) : this.#atRank(value, order);
    };
    return { names: values.map(inOrder), order };
  }

  /** `tensor` under another shape. */
  reshape(tensor: string, dims: readonly Dim[]): string {
    const growing = dims.filter((dim) => typeof dim !== 'number');
    const fixed = () => dims.map((dim) => (typeof dim === 'number' ? dim : -1));
    return this.node('Reshape', [tensor, growing.length > 1 ? this.shape(dims) : this.builder.ints('shape', fixed())]);
  }

  /** A shape as a tensor, computed where it has dimensions that grow with the batch. */
  shape(dims: readonly Dim[]): string {
    if (dims.every((dim) => typeof dim === 'number')) return this.builder.ints('shape', dims);
    const parts = dims.map((dim) =>
      typeof dim === 'number' ? this.builder.ints('length', [dim]) : this.#batchLength(dim.times),
    );
    return this.node('Concat', parts, [attributeOf.int('axis', 0)]);
  }

  /** The graph, of the nodes that its outputs need. */
  graph(): GraphProto {
    const { inputs, outputs } = this.#recording;
    outputs.forEach((value, i) => {
      this.#nameOutput(value, this.#outputs[i]!);
    });
    return {
      name: this.#name,
      ...this.builder.partsFor(this.#outputs),
      input: inputs.map((value, i) => this.#valueInfo(this.#inputs[i]!, value)),
      output: outputs.map((value, i) => this.#valueInfo(this.#outputs[i]!, value)),
    };
  }

  #place(value: Value, placed: Placed): void {
    this.#placed.set(value, [...this.#tensorsOf(value), placed]);
  }

  #tensorsOf(value: Value): readonly Placed[] {
    return this.#placed.get(value) ?? [];
  }

  #transposed({ name, order: from }: Placed, order: Order): string {
    return this.node('Transpose', [name], [attributeOf.ints('perm', permutationFrom(from, order))]);
  }

  #initializer({ name, data }: Constant, shape: readonly number[], order: Order): string {
    return this.builder.weight(name, reordered(data, shape, order), ordered(shape, order));
  }

  /** A value of fewer axes in the order of images, with axes of length 1 for those that it lacks, which are the first. */
  #atRank(value: Value, order: Order): string {
    const lacking: number[] = Array(order.length - value.shape.length).fill(1);
    const constant = this.#constants.get(value);
    if (constant !== undefined) return this.#initializer(constant, [...lacking, ...value.shape], order);
    const name = this.reshape(this.tensor(value), [...lacking, ...this.dimsOf(value)]);
    return this.#transposed({ name, order: plain(order.length) }, order);
  }

  /** So many times the number of samples, or such a share of it, as a tensor of one whole number. */
  #batchLength(times: number): string {
    const known = this.#batchLengths.get(times);
    if (known !== undefined) return known;
    const { builder } = this;
    const samples = this.node('Gather', [this.node('Shape', [this.#inputs[0]!]), builder.ints('first', [0])]);
    const scaled = () =>
      times > 1
        ? this.node('Mul', [samples, builder.ints('times', [times])])
        : this.node('Div', [samples, builder.ints('share', [Math.round(1 / times)])]);
    const length = times === 1 ? samples : scaled();
    this.#batchLengths.set(times, length);
    return length;
  }

  #nameOutput(value: Value, name: string): void {
    this.builder.scope = this.#recording.scopeOf(value);
    const found = this.tensor(value);
    const isFree = this.builder.isMade(found) && !this.#outputs.includes(found);
    const tensor = isFree ? found : this.node('Identity', [found]);
    this.builder.rename(tensor, name);
    for (const [other, all] of this.#placed) {
      const renamed = all.map((placed) => (placed.name === tensor ? { ...placed, name } : placed));
      this.#placed.set(other, renamed);
    }
  }

  #valueInfo(name: string, value: Value): ValueInfoProto {
    const shape = this.dimsOf(value).map((dim): Dimension => {
      if (typeof dim === 'number') return dim;
      return dim.times === 1 ? batchName : `${dim.times} * ${batchName}`;
    });
    return { name, elemType: elemTypes[value.dtype], shape };
  }
}
