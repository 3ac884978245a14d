// Batch normalisation by given statistics.
import type { BatchNormAttributes } from '../../../../ops/batch-norm.js';
import type { KernelNode } from '../../../../program/value.js';
import { attributeOf } from '../../encode.js';
import { channelsFirst, plain } from '../../layouts.js';
import type { Emitter, Placed } from '../emitter.js';

/** ONNX has the channels as the second axis: of images they are moved there, other tensors become matrices [.., channels]. */
export function normalize(emitter: Emitter, { inputs, outputs, attributes }: KernelNode<BatchNormAttributes>): Placed {
  const [x, ...parameters] = inputs;
  const { shape } = x!;
  const settings = [attributeOf.float('epsilon', attributes.epsilon)];
  const normalized = (tensor: string) =>
    emitter.node('BatchNormalization', [tensor, ...parameters.map((value) => emitter.tensor(value))], settings);
  if (shape.length === 4) return { name: normalized(emitter.tensor(x!, channelsFirst)), order: channelsFirst };
  if (shape.length === 2) return { name: normalized(emitter.tensor(x!)), order: plain(2) };
  const matrix = emitter.node('Reshape', [emitter.tensor(x!), emitter.builder.ints('shape', [-1, shape.at(-1)!])]);
  return { name: emitter.reshape(normalized(matrix), emitter.dimsOf(outputs[0]!)), order: plain(shape.length) };
}
