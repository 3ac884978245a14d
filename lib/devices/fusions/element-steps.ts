// Ops on few elements that hang together → elementSteps, which goes through them step by step. Inputs and outputs are those of the ops
// together; `made` has the numbers of the steps that make the outputs. Two kinds of groups become one: what a step computes only to tell
// it, such as losses and accuracies, and an expression whose parts nobody else reads, such as the norm of a gradient.
import { fillOp } from '../../ops/fill.js';
import { sumOp } from '../../ops/sum.js';
import type { Fusion, Readers } from '../../program/fuse.js';
import type { Node } from '../../program/value.js';
import { sizeOf } from '../../tensor.js';
import { elementwise, stepsOf } from './steps.js';

/** What the kernel has room for, and elements of one value: so many a sum adds up at once. */
const most = { inputs: 6, steps: 20, outputs: 4, elements: 4096, ofOne: 1024 };

export const elementSteps: Fusion = {
  op: { name: 'elementSteps' },
  find(last, readers) {
    const groups = new Groups(readers);
    const links = [...groups.endingIn(last)].sort((a, b) => readers.place(a) - readers.place(b));
    // By then other chains have taken what belongs to them, as a dense the bias that is added to a product.
    if (links.at(-1) !== last) return undefined;
    const made = links.map(({ outputs }) => outputs[0]!);
    const inputs = [...new Set(links.flatMap((link) => link.inputs))].filter((input) => !made.includes(input));
    const outputs = made.filter((value) => readers.isResult(value) || value === last.outputs[0]);
    const fits =
      links.length > 1 &&
      links.length <= most.steps &&
      inputs.length <= most.inputs &&
      outputs.length <= most.outputs &&
      made.reduce((total, { shape }) => total + sizeOf(shape), 0) <= most.elements;
    if (!fits) return undefined;
    const attributes = { ...stepsOf(inputs, links), made: outputs.map((output) => made.indexOf(output)) };
    return { links, inputs, attributes, outputs };
  },
};

class Groups {
  readonly #figures = new Map<Node, boolean>();
  readonly #ends = new Map<Node, Node>();

  constructor(private readonly readers: Readers) {}

  /** The group whose end a node is; none where it is in the middle of one, or no such op. */
  endingIn(node: Node): ReadonlySet<Node> {
    if (!this.#hasStep(node)) return new Set();
    if (this.#isFigure(node)) return this.#connected(node);
    return this.#endOf(node) === node ? this.#expression(node) : new Set();
  }

  #hasStep(node: Node): boolean {
    const { op, inputs, outputs } = node;
    const [size, ...sizes] = [...outputs, ...inputs].map(({ shape }) => sizeOf(shape));
    if (!this.readers.isFree(node) || Math.max(size!, ...sizes) > most.ofOne) return false;
    if (op.name === sumOp.name) return size === 1;
    return op.name === fillOp.name || (elementwise.has(op.name) && sizes.every((of) => of === 1 || of === size));
  }

  #isResult = ({ outputs }: Node) => this.readers.isResult(outputs[0]!);
  #readersOf = ({ outputs }: Node) => this.readers.all(outputs[0]!);

  /** The nodes that make what a node reads. */
  #makersFor({ inputs }: Node): Node[] {
    return inputs.flatMap((input) => this.readers.maker(input) ?? []);
  }

  /** Whether a node leads to nothing but other such nodes and results. */
  #isFigure(node: Node): boolean {
    return remembered(this.#figures, node, () => {
      const readers = this.#readersOf(node);
      const leadsToResults = readers.length > 0 || this.#isResult(node);
      return leadsToResults && this.#hasStep(node) && readers.every((reader) => this.#isFigure(reader));
    });
  }

  /** The figures that one is connected with. */
  #connected(figure: Node): Set<Node> {
    const found = new Set([figure]);
    for (const node of found) {
      const others = [...this.#readersOf(node), ...this.#makersFor(node)];
      for (const other of others) if (this.#isFigure(other)) found.add(other);
    }
    return found;
  }

  /** The node to which all that reads a node leads, by way of nodes that nobody else reads. */
  #endOf(node: Node): Node {
    return remembered(this.#ends, node, () => {
      const readers = this.#readersOf(node);
      if (this.#isResult(node) || !readers.every((reader) => this.#hasStep(reader))) return node;
      const ends = new Set(readers.map((reader) => this.#endOf(reader)));
      const [end] = ends;
      return ends.size === 1 ? end! : node;
    });
  }

  /** The nodes whose end is this one. */
  #expression(end: Node): Set<Node> {
    const found = new Set([end]);
    for (const node of found) {
      for (const maker of this.#makersFor(node))
        if (this.#hasStep(maker) && this.#endOf(maker) === end) found.add(maker);
    }
    return found;
  }
}

function remembered<Value>(known: Map<Node, Value>, node: Node, find: () => Value): Value {
  const found = known.get(node) ?? find();
  known.set(node, found);
  return found;
}
