// Finds the logits behind probabilities, so that losses can be computed without overflow or vanishing gradients.
import { reshape } from '../ops/index.js';
import type { Value } from '../program/value.js';

/** What went into the sigmoid or softmax that made `probabilities`; undefined when they were made otherwise. */
export function logitsBehind(probabilities: Value, kind: 'sigmoid' | 'softmax'): Value | undefined {
  const { node } = probabilities;
  if (node === undefined) return undefined;
  if (node.op.alias) {
    const logits = logitsBehind(node.inputs[0]!, kind);
    return logits && reshape(logits, probabilities.shape);
  }
  const found = node.op.name === 'activation' ? node.attributes.kind : node.op.name;
  return found === kind ? node.inputs[0] : undefined;
}
