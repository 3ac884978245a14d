// Fusion: joins chains of ops into one that makes a single pass over memory.
import { activationOp } from '../ops/activation.js';
import { addOp } from '../ops/add.js';
import { denseOp } from '../ops/dense.js';
import { matmulOp } from '../ops/matmul.js';
import type { Node, Value } from './value.js';

/** The nodes with every matmul + bias [+ activation] replaced by one `dense`. `results` stay available. */
export function fuse(nodes: readonly Node[], results: readonly Value[]): Node[] {
  const readers = readersOf(nodes, results);
  const position = new Map(nodes.map((node, i) => [node, i]));
  const undisturbed = (first: Node, last: Node) =>
    nodes.slice(position.get(first)! + 1, position.get(last)!).every((node) => node.op.updates === undefined);

  const replacement = new Map<Node, Node | undefined>();
  for (const node of nodes) {
    const chain = denseChain(node, readers);
    if (chain === undefined || !undisturbed(node, chain.at(-1)!)) continue;
    for (const link of chain) replacement.set(link, undefined);
    replacement.set(chain.at(-1)!, toDense(chain));
  }
  return nodes.flatMap((node) => (replacement.has(node) ? (replacement.get(node) ?? []) : node));
}

/** A Value's only reader, or undefined when there are several, or when the result is wanted outside. */
type OnlyReader = (value: Value) => Node | undefined;

function readersOf(nodes: readonly Node[], results: readonly Value[]): OnlyReader {
  const readers = new Map<Value, Node[]>();
  for (const node of nodes) for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  const wanted = new Set(results);
  return (value) => {
    const all = readers.get(value) ?? [];
    return all.length === 1 && !wanted.has(value) ? all[0] : undefined;
  };
}

/** matmul, add and perhaps activation, where each is read by the next alone. */
function denseChain(matmul: Node, onlyReader: OnlyReader): Node[] | undefined {
  if (matmul.op.name !== matmulOp.name || matmul.attributes.transposeA || matmul.attributes.transposeB)
    return undefined;
  const product = matmul.outputs[0]!;
  const add = onlyReader(product);
  if (add?.op.name !== addOp.name) return undefined;
  const bias = biasOf(add, product);
  if (bias.shape.length !== 1 || bias.shape[0] !== product.shape[1]) return undefined;
  const next = onlyReader(add.outputs[0]!);
  return next?.op.name === activationOp.name ? [matmul, add, next] : [matmul, add];
}

function biasOf(add: Node, product: Value): Value {
  return add.inputs[0] === product ? add.inputs[1]! : add.inputs[0]!;
}

function toDense([matmul, add, activation]: readonly Node[]): Node {
  return {
    id: matmul!.id,
    op: denseOp as unknown as Node['op'],
    inputs: [...matmul!.inputs, biasOf(add!, matmul!.outputs[0]!)],
    attributes: activation?.attributes ?? { kind: 'linear', alpha: 0 },
    outputs: (activation ?? add!).outputs,
  };
}
