// The builder: records ops over Values, and keeps track of which Value is the current content of each Variable.
import { notAllowed } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { firstStream } from '../random/streams.js';
import { type Attributes, callNameOf, type Op } from './op.js';
import { type Node, Value } from './value.js';
import type { Variable } from './variable.js';

/** Records ops over Values: what a step computes. */
export class Graph {
  /** @internal */
  readonly nodes: Node[] = [];
  /** @internal */
  readonly outputs = new Map<string, Value>();
  readonly #current = new Map<Variable, Value>();
  readonly #scopes: string[] = [];
  #nextStream: number;

  /** `seed`, an integer in [0, 2^32), keys all random ops of this graph; they take the streams from `stream` on. @internal */
  constructor(
    /** Of the random numbers that its ops draw. */
    readonly seed = 0,
    stream: number = firstStream.ops,
  ) {
    this.#nextStream = stream;
  }

  /** The content of a Variable at this point of the step: what the last update before it left there. */
  read(variable: Variable): Value {
    let value = this.#current.get(variable);
    if (value === undefined) {
      value = new Value(this, variable, undefined, variable);
      this.#current.set(variable, value);
    }
    return value;
  }

  /** How many Variables were read so far. @internal */
  get variableCount(): number {
    return this.#current.size;
  }

  /** The Variables that were read so far, in the order of their first reading, without the first `begin`. @internal */
  variablesFrom(begin: number): readonly Variable[] {
    return begin === this.#current.size ? [] : [...this.#current.keys()].slice(begin);
  }

  /** The Variables that the step changes so far. @internal */
  get updated(): readonly Variable[] {
    return [...this.#current].flatMap(([variable, { node }]) => (node === undefined ? [] : [variable]));
  }

  /** Names a result to be recorded at every step and handed back by `Executable.run`. @internal */
  output(name: string, value: Value): void {
    if (this.outputs.has(name)) throw new CudaGanError('CUDA_GAN_VALUE', `the graph already has an output "${name}"`);
    this.outputs.set(name, value);
  }

  /** The number of the next random stream: each random op of a graph draws from its own. @internal */
  nextStream(): number {
    return this.#nextStream++;
  }

  /** Runs `build` so that errors raised meanwhile name `label` (a layer, say). @internal */
  scope<Result>(label: string, build: () => Result): Result {
    this.#scopes.push(label);
    try {
      return build();
    } finally {
      this.#scopes.pop();
    }
  }

  /** Appends a node. Op files call it through `apply`. @internal */
  record<A extends Attributes>(op: Op<A>, inputs: readonly Value[], attributes: A): readonly Value[] {
    if (inputs.some(({ graph }) => graph !== this)) {
      throw new CudaGanError(
        'CUDA_GAN_VALUE',
        `${callNameOf(op, attributes)} was given values of two graphs: a value belongs to the call that made it`,
      );
    }
    const types = this.#naming(() => op.infer(inputs, attributes));
    const outputs: Value[] = [];
    const node: Node<A> = { id: this.nodes.length, op, inputs, attributes, outputs };
    types.forEach((type, i) => {
      const variable = i < (op.updates ?? 0) ? this.#naming(() => this.#updated(op.name, inputs[i]!)) : undefined;
      const value = new Value(this, type, node, variable);
      if (variable !== undefined) this.#current.set(variable, value);
      outputs.push(value);
    });
    this.nodes.push(node);
    return outputs;
  }

  #updated(op: string, input: Value): Variable {
    const { variable } = input;
    if (variable === undefined || this.#current.get(variable) !== input) {
      throw new CudaGanError(
        'CUDA_GAN_VALUE',
        `${op} updates the current content of a weight: what weight() gives, and gives anew after every update`,
      );
    }
    return variable;
  }

  #naming<Result>(record: () => Result): Result {
    try {
      return record();
    } catch (error) {
      if (!(error instanceof CudaGanError) || this.#scopes.length === 0) throw error;
      throw new CudaGanError(error.code, `${this.#scopes.join(' > ')}: ${error.message}`, { cause: error });
    }
  }
}

/** Ops without inputs are given a graph. @throws CudaGanError `CUDA_GAN_VALUE` for what is none. */
export function requireGraph(call: string, graph: Graph): Graph {
  if (graph instanceof Graph) return graph;
  throw notAllowed(`the graph of ${call}`, graph, 'graphs: a Value x is part of x.graph');
}
