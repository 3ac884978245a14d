// Normalisation: by given statistics, and by those of a sample.
import type { BatchNormAttributes } from '../../../../ops/batch-norm.js';
import { fillOp } from '../../../../ops/fill.js';
import type { Attributes } from '../../../../program/op.js';
import type { KernelNode, Value } from '../../../../program/value.js';
import { sizeOf } from '../../../../tensor.js';
import { attributeOf } from '../../encode.js';
import { channelsFirstOf, ordered, plain } from '../../layouts.js';
import type { Emitter, Placed } from '../emitter.js';

/** ONNX has the channels as the second axis: they are moved there. */
export function normalize(emitter: Emitter, { inputs, attributes }: KernelNode<BatchNormAttributes>): Placed {
  const [x, ...parameters] = inputs;
  const order = channelsFirstOf(x!.shape.length);
  const settings = [attributeOf.float('epsilon', attributes.epsilon)];
  const names = parameters.map((value) => parameterOf(emitter, value));
  return { name: emitter.node('BatchNormalization', [emitter.tensor(x!, order), ...names], settings), order };
}

/** A weight; a gamma or a beta that is not there is no weight, but numbers. */
function parameterOf(emitter: Emitter, value: Value): string {
  const { node, shape } = value;
  if (node?.op.name !== fillOp.name) return emitter.tensor(value);
  return emitter.builder.repeated(node.attributes.value as number, shape[0]!);
}

interface LayerNormAttributes {
  readonly epsilon: number;
  readonly scale: boolean;
  readonly center: boolean;
}

/** Along the last axis: inputs x, gamma, beta, as far as they are there. The operator wants a gamma: one of ones is no weight. */
export function layerNormalize(
  emitter: Emitter,
  { inputs, attributes }: KernelNode<LayerNormAttributes & Attributes>,
): Placed {
  const { epsilon, scale } = attributes;
  const { shape } = inputs[0]!;
  const settings = [attributeOf.int('axis', -1), attributeOf.float('epsilon', epsilon)];
  const [x, ...vectors] = inputs.map((value) => emitter.tensor(value));
  const names = scale ? vectors : [emitter.builder.repeated(1, shape.at(-1)!), ...vectors];
  return { name: emitter.node('LayerNormalization', [x!, ...names], settings), order: plain(shape.length) };
}

/** Channels-first, a group of channels is one piece of a sample: as a single channel it is normalised by itself. */
export function groupNormalize(
  emitter: Emitter,
  { inputs: [x], outputs: [y], attributes }: KernelNode<BatchNormAttributes & { groups: number }>,
): Placed {
  const { groups, epsilon } = attributes;
  const { shape } = x!;
  const order = channelsFirstOf(shape.length);
  const [batch] = emitter.dimsOf(x!);
  const members = sizeOf(shape.slice(1)) / groups;
  const grouped = emitter.reshape(emitter.tensor(x!, order), [batch!, groups, members]);
  const { builder } = emitter;
  const [ones, zeros] = [new Float32Array(groups).fill(1), new Float32Array(groups)];
  const names = [grouped, builder.numbers('ones', ones), builder.numbers('zeros', zeros)];
  const normalized = emitter.node('InstanceNormalization', names, [attributeOf.float('epsilon', epsilon)]);
  return { name: emitter.reshape(normalized, ordered(emitter.dimsOf(y!), order)), order };
}
