// Finds the logits behind probabilities, so that losses can be computed without overflow or vanishing gradients.
import { CudaGanError } from '../errors.js';
import { reshape } from '../ops/index.js';
import type { Value } from '../program/value.js';

type LogitsActivation = 'sigmoid' | 'softmax';

/** What went into the sigmoid or softmax that made `probabilities`; undefined when they were made otherwise. */
export function logitsBehind(probabilities: Value, kind: LogitsActivation): Value | undefined {
  const { node } = probabilities;
  if (node === undefined) return undefined;
  if (node.op.alias) {
    const logits = logitsBehind(node.inputs[0]!, kind);
    return logits && reshape(logits, probabilities.shape);
  }
  const found = node.op.name === 'activation' ? node.attributes.kind : node.op.name;
  return found === kind ? node.inputs[0] : undefined;
}

/**
 * The logits of predictions: themselves where they are said to be logits, else what is behind them, if there is.
 * @throws CudaGanError `CUDA_GAN_VALUE` where they are said to be logits and are probabilities.
 */
export function logitsOf(
  call: string,
  predictions: Value,
  kind: LogitsActivation,
  fromLogits: boolean,
): Value | undefined {
  const logits = logitsBehind(predictions, kind);
  if (!fromLogits) return logits;
  if (logits === undefined) return predictions;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `${call}: fromLogits is true, but a ${kind} made the predictions: leave one of them out`,
  );
}
