// Ops that work element by element, in whatever order the axes are.
import type { ActivationAttributes } from '../../../../ops/activation.js';
import type { AffineAttributes } from '../../../../ops/affine.js';
import type { BinaryAttributes, BinaryKind } from '../../../../ops/binary.js';
import type { UnaryAttributes, UnaryKind } from '../../../../ops/unary.js';
import type { KernelNode, Value } from '../../../../program/value.js';
import { attributeOf } from '../../encode.js';
import { dataTypes } from '../../model-proto.js';
import type { Emitter, Placed } from '../emitter.js';

const unaryOperators: Readonly<Record<UnaryKind, string>> = {
  abs: 'Abs',
  cos: 'Cos',
  erf: 'Erf',
  exp: 'Exp',
  floor: 'Floor',
  log: 'Log',
  sign: 'Sign',
  sin: 'Sin',
  sqrt: 'Sqrt',
};

const binaryOperators: Readonly<Record<BinaryKind, string>> = {
  add: 'Add',
  divide: 'Div',
  equal: 'Equal',
  greater: 'Greater',
  maximum: 'Max',
  minimum: 'Min',
  multiply: 'Mul',
  subtract: 'Sub',
};

export function unary(emitter: Emitter, { inputs: [x], attributes: { kind } }: KernelNode<UnaryAttributes>): Placed {
  const { names, order } = emitter.aligned([x!], x!.shape.length);
  return { name: emitter.node(unaryOperators[kind], names), order };
}

export function binary(
  emitter: Emitter,
  { inputs, outputs, attributes: { kind } }: KernelNode<BinaryAttributes>,
): Placed {
  const { names, order } = emitter.aligned(inputs, outputs[0]!.shape.length);
  const result = emitter.node(binaryOperators[kind], names);
  const isTruth = kind === 'equal' || kind === 'greater';
  return { name: isTruth ? toFloat(emitter, result) : result, order };
}

/** scale · x + offset, without what changes nothing. */
export function affine(emitter: Emitter, { inputs: [x], attributes }: KernelNode<AffineAttributes>): Placed {
  const { scale, offset } = attributes;
  const { names, order } = emitter.aligned([x!], x!.shape.length);
  const [whole] = names as [string];
  const scaled = scale === 1 ? whole : emitter.node('Mul', [whole, emitter.builder.number('scale', scale)]);
  return {
    name: offset === 0 ? scaled : emitter.node('Add', [scaled, emitter.builder.number('offset', offset)]),
    order,
  };
}

export function activation(emitter: Emitter, { inputs: [x], attributes }: KernelNode<ActivationAttributes>): Placed {
  const { kind, alpha } = attributes;
  const { names, order } = emitter.aligned([x!], x!.shape.length);
  const slope = [attributeOf.float('alpha', alpha)];
  switch (kind) {
    case 'linear':
      return { name: emitter.node('Identity', names), order };
    case 'leakyRelu':
      return { name: alpha === 0 ? emitter.node('Relu', names) : emitter.node('LeakyRelu', names, slope), order };
    case 'elu':
      return { name: emitter.node('Elu', names, slope), order };
    case 'tanh':
      return { name: emitter.node('Tanh', names), order };
    case 'sigmoid':
      return { name: emitter.node('Sigmoid', names), order };
    case 'softplus':
      return { name: emitter.node('Softplus', names), order };
  }
}

/** softplus(z) - t · z, of logits z and targets t. */
export function binaryCrossentropy(emitter: Emitter, { inputs }: KernelNode): Placed {
  const { names, order } = emitter.aligned(inputs, inputs[0]!.shape.length);
  const [logits, targets] = names as [string, string];
  const product = emitter.node('Mul', [targets, logits]);
  return { name: emitter.node('Sub', [emitter.node('Softplus', [logits]), product]), order };
}

/** Whole numbers as float32. */
export function cast(emitter: Emitter, { inputs: [x] }: KernelNode): Placed {
  return { name: toFloat(emitter, emitter.tensor(x!)), order: orderOf(x!) };
}

export function toFloat(emitter: Emitter, tensor: string): string {
  return emitter.node('Cast', [tensor], [attributeOf.int('to', dataTypes.FLOAT)]);
}

const orderOf = ({ shape }: Value) => [...shape.keys()];
