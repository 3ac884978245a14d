// What a step computes only to tell it, such as losses and accuracies: the ops on few elements that lead to nothing but results →
// figures. Inputs and outputs are those of the ops together; `made` has the numbers of the steps that make the outputs.
import { fillOp } from '../../ops/fill.js';
import { sumOp } from '../../ops/sum.js';
import type { Chain, Fusion, Readers } from '../../program/fuse.js';
import type { Node } from '../../program/value.js';
import { sizeOf } from '../../tensor.js';
import { elementwise, stepsOf } from './element-steps.js';

/** What the kernel has room for, and elements of one value: so many a sum adds up at once. */
const most = { inputs: 6, steps: 20, outputs: 4, elements: 4096, ofOne: 1024 };

export const figures: Fusion = {
  op: { name: 'figures' },
  find(last, readers) {
    const isFigure = figuresAmong(readers);
    if (!isFigure(last)) return undefined;
    const links = [...connected(last, isFigure, readers)].sort((a, b) => readers.place(a) - readers.place(b));
    // By then other chains have taken what belongs to them, as a dense the bias that is added to a product.
    if (links.at(-1) !== last) return undefined;
    const made = links.map(({ outputs }) => outputs[0]!);
    const inputs = [...new Set(links.flatMap((link) => link.inputs))].filter((input) => !made.includes(input));
    const outputs = made.filter((value) => readers.isResult(value));
    const fits =
      links.length > 1 &&
      links.length <= most.steps &&
      inputs.length <= most.inputs &&
      outputs.length <= most.outputs &&
      made.reduce((total, { shape }) => total + sizeOf(shape), 0) <= most.elements;
    if (!fits) return undefined;
    const attributes = { ...stepsOf(inputs, links), made: outputs.map((output) => made.indexOf(output)) };
    return { links, inputs, attributes, outputs } satisfies Chain;
  },
};

/** Whether a node is an op on few elements that leads to nothing else than others and results. */
function figuresAmong({ all, isFree, isResult }: Readers): (node: Node) => boolean {
  const known = new Map<Node, boolean>();
  const isFigure = (node: Node): boolean => {
    const found = known.get(node);
    if (found !== undefined) return found;
    const value = node.outputs[0]!;
    const readers = all(value);
    const leadsToResults = readers.length > 0 || isResult(value);
    const answer = leadsToResults && isFree(node) && hasStep(node) && readers.every(isFigure);
    known.set(node, answer);
    return answer;
  };
  return isFigure;
}

function hasStep({ op, inputs, outputs }: Node): boolean {
  const [size, ...sizes] = [...outputs, ...inputs].map(({ shape }) => sizeOf(shape));
  if (Math.max(size!, ...sizes) > most.ofOne) return false;
  if (op.name === sumOp.name) return size === 1;
  return op.name === fillOp.name || (elementwise.has(op.name) && sizes.every((of) => of === 1 || of === size));
}

/** The figures that a node is connected with through what they read and make. */
function connected(node: Node, isFigure: (node: Node) => boolean, { all, maker }: Readers): Set<Node> {
  const found = new Set([node]);
  for (const { inputs, outputs } of found) {
    for (const reader of all(outputs[0]!)) found.add(reader);
    for (const input of inputs) {
      const made = maker(input);
      if (made !== undefined && isFigure(made)) found.add(made);
    }
  }
  return found;
}
