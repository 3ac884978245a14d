// Ops on elements as steps of a list that one kernel goes through: native/cuda/core/element-step.cuh.
import { activationOp } from '../../ops/activation.js';
import { activationGradientOp } from '../../ops/activation-gradient.js';
import { affineOp } from '../../ops/affine.js';
import { binaryOp } from '../../ops/binary.js';
import { binaryCrossentropyOp } from '../../ops/binary-crossentropy.js';
import { binaryCrossentropyGradientOp } from '../../ops/binary-crossentropy-gradient.js';
import { unaryOp } from '../../ops/unary.js';
import type { Attributes } from '../../program/op.js';
import type { Node, Value } from '../../program/value.js';
import { sizeOf } from '../../tensor.js';

/** Names of the ops that compute each element of a result from those at its place. */
export const elementwise: ReadonlySet<string> = new Set(
  [
    activationOp,
    activationGradientOp,
    affineOp,
    binaryOp,
    binaryCrossentropyOp,
    binaryCrossentropyGradientOp,
    unaryOp,
  ].map(({ name }) => name),
);

/**
 * `steps`, their number, and `step0` and so on: each with its op and the attributes of that, the `size` of its result, and as `operands`
 * the places of the values that it takes: those of `inputs` first, then those that the steps make.
 */
export function stepsOf(inputs: readonly Value[], nodes: readonly Node[]): Attributes {
  const places = new Map([...inputs, ...nodes.map(({ outputs }) => outputs[0]!)].map((value, i) => [value, i]));
  const steps = nodes.map(({ op, attributes, inputs: values, outputs }, i) => {
    const operands = values.map((value) => places.get(value)!);
    return [`step${i}`, { ...attributes, op: op.name, operands, size: sizeOf(outputs[0]!.shape) }] as const;
  });
  return { steps: nodes.length, ...Object.fromEntries(steps) };
}
