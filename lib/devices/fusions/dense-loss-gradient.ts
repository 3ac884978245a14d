// dense to one column + what a loss makes of each of its elements + the gradient of the dense's input (+ the slope of the
// activation that made that input) → denseLossGradient: inputs x [n, in], kernel [in, 1], bias [1]; outputs the logits
// [n, 1], the gradient of the loss with respect to them [n, 1], and dx, of x's elements. It is the head of a
// discriminator under every objective that is a mean over logits: what of the loss concerns one row only.
import { fillOp } from '../../ops/fill.js';
import { matmulOp } from '../../ops/matmul.js';
import type { Fusion, Readers } from '../../program/fuse.js';
import type { Node, Value } from '../../program/value.js';
import { sameShape } from '../../tensor.js';
import { activationGradientAfter } from './activation-gradient-after.js';
import { biasActivationAfter } from './bias-activation.js';
import { elementwise, stepsOf } from './steps.js';

/** Steps of the expression that the kernel has room for. */
const mostSteps = 12;

export const denseLossGradient: Fusion = {
  op: { name: 'denseLossGradient' },
  find(matmul, readers) {
    const [x, kernel] = matmul.inputs;
    if (matmul.op.name !== matmulOp.name || matmul.attributes.transposeA || matmul.attributes.transposeB)
      return undefined;
    if (kernel!.shape[1] !== 1) return undefined;
    const end = biasActivationAfter(matmul.outputs[0]!, readers);
    if (end?.links.length !== 1) return undefined;
    const logits = end.outputs[0]!;
    const back = productBack(logits, kernel!, readers);
    if (back === undefined) return undefined;
    const gradient = back.inputs[0]!;
    const nodes = expressionOf(gradient, logits, readers);
    if (nodes === undefined || nodes.length > mostSteps) return undefined;
    const slope = slopeAfter(back, x!, readers);
    const links = [...end.links, ...onlyFor(back, nodes, readers), back, ...(slope?.links ?? [])];
    return {
      links: [matmul, ...links],
      inputs: [x!, kernel!, end.bias],
      attributes: {
        ...stepsOf([logits], nodes),
        activationGradient: slope?.attributes ?? { kind: 'linear', alpha: 0 },
      },
      outputs: [logits, gradient, (slope?.links.at(-1) ?? back).outputs[0]!],
    };
  },
};

/** The product of the gradient of the logits with the kernel, which brings it to the dense's input. */
function productBack(logits: Value, kernel: Value, { all }: Readers): Node | undefined {
  const reached = new Set([logits]);
  for (const value of reached) {
    for (const reader of all(value)) {
      const { op, inputs, attributes, outputs } = reader;
      if (op.name === matmulOp.name && inputs[0] === value && inputs[1] === kernel) {
        if (value !== logits && attributes.transposeB && !attributes.transposeA) return reader;
      }
      if (elementwise.has(op.name) && sameShape(outputs[0]!.shape, logits.shape)) reached.add(outputs[0]!);
    }
  }
  return undefined;
}

/** The nodes that make `value` of the logits and of constants, in an order in which they can run; undefined if others take part. */
function expressionOf(value: Value, logits: Value, { maker }: Readers): Node[] | undefined {
  const nodes = new Set<Node>();
  const add = (wanted: Value): boolean => {
    const node = maker(wanted);
    if (wanted === logits || (node !== undefined && nodes.has(node))) return true;
    if (node === undefined || wanted.variable !== undefined) return false;
    const isRowwise = elementwise.has(node.op.name) && sameShape(wanted.shape, logits.shape);
    if (!(isRowwise && node.inputs.every(add)) && node.op.name !== fillOp.name) return false;
    nodes.add(node);
    return true;
  };
  return add(value) ? [...nodes] : undefined;
}

/** The nodes whose result nobody needs but `back`, for which they make the gradient, and each other. */
function onlyFor(back: Node, nodes: readonly Node[], { onlyReader }: Readers): Node[] {
  const gradient = nodes.at(-1)!;
  const found = new Set([back, gradient]);
  for (const node of [...nodes].reverse()) {
    const reader = onlyReader(node.outputs[0]!);
    if (reader !== undefined && found.has(reader)) found.add(node);
  }
  return nodes.filter((node) => found.has(node));
}

/** The slope of the activation that made x, if the product is multiplied by it. */
function slopeAfter(back: Node, x: Value, readers: Readers) {
  const end = activationGradientAfter(back.outputs[0]!, readers);
  return end !== undefined && unshaped(end.y) === unshaped(x) ? end : undefined;
}

function unshaped(value: Value): Value {
  return value.node?.op.alias ? unshaped(value.node.inputs[0]!) : value;
}
