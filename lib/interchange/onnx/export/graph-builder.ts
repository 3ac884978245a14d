// The nodes and initializers of an ONNX graph under construction, and their names, of which each is there once.
import { dtypeOf, type Shape, type TypedArray } from '../../../tensor.js';
import { attributeOf } from '../encode.js';
import {
  type AttributeProto,
  dataTypes,
  elemTypes,
  type GraphProto,
  type NodeProto,
  type TensorProto,
} from '../model-proto.js';

export class GraphBuilder {
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #taken = new Set<string>();
  /** What the names of nodes and tensors begin with: where in the model they belong. */
  scope = '';

  /** `base`, or the first of `base_1`, `base_2`, … that is not taken; taken from now on. */
  freeName(base: string): string {
    let name = base;
    for (let number = 1; this.#taken.has(name); number++) name = `${base}_${number}`;
    this.#taken.add(name);
    return name;
  }

  /** Adds a node with one output, and returns the name of that. */
  node(opType: string, input: readonly string[], attribute: readonly AttributeProto[] = []): string {
    const name = this.freeName(this.#scoped(opType));
    this.#nodes.push({ name, opType, domain: '', input, output: [name], attribute });
    return name;
  }

  /** A weight, or what was computed of weights, under its own name. */
  weight(name: string, data: TypedArray, dims: Shape): string {
    return this.#initializer(this.freeName(name), data, dims);
  }

  /** Numbers that belong to the node that is made next. */
  numbers(what: string, data: TypedArray, dims: Shape = [data.length]): string {
    return this.#initializer(this.freeName(this.#scoped(what)), data, dims);
  }

  number(what: string, value: number): string {
    return this.numbers(what, Float32Array.of(value), []);
  }

  /** A number, so many times, as a `Constant`: initializers are weights, or settings of a node. */
  repeated(value: number, length: number): string {
    return this.node('Constant', [], [attributeOf.floats('value_floats', Array(length).fill(value))]);
  }

  /** Shapes, axes and places, which operators take as int64. */
  ints(what: string, values: readonly number[]): string {
    const name = this.freeName(this.#scoped(what));
    const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.#initializers.push({ name, dims: [values.length], dataType: dataTypes.INT64, raw });
    return name;
  }

  /** Whether a node makes the tensor. */
  isMade(tensor: string): boolean {
    return this.#nodes.some(({ output }) => output.includes(tensor));
  }

  /** Calls a tensor that a node makes `to`, wherever it is read. */
  rename(from: string, to: string): void {
    const renamed = (names: readonly string[]) => names.map((name) => (name === from ? to : name));
    this.#nodes.forEach(({ input, output, ...rest }, i) => {
      this.#nodes[i] = { ...rest, input: renamed(input), output: renamed(output) };
    });
  }

  /** All of it. */
  get parts(): Pick<GraphProto, 'node' | 'initializer'> {
    return { node: this.#nodes, initializer: this.#initializers };
  }

  /** What these tensors follow from. */
  partsFor(results: readonly string[]): Pick<GraphProto, 'node' | 'initializer'> {
    const needed = new Set(results);
    const node = [...this.#nodes].reverse().filter(({ input, output }) => {
      if (!output.some((name) => needed.has(name))) return false;
      for (const name of input) needed.add(name);
      return true;
    });
    return { node: node.reverse(), initializer: this.#initializers.filter(({ name }) => needed.has(name)) };
  }

  #scoped(what: string): string {
    return this.scope === '' ? what : `${this.scope}/${what}`;
  }

  #initializer(name: string, data: TypedArray, dims: Shape): string {
    const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#initializers.push({ name, dims, dataType: elemTypes[dtypeOf(data)], raw });
    return name;
  }
}
