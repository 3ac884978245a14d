// Gradients of batchNorm with respect to x, gamma and beta.

import { apply, type Op } from '../program/op.js';
import type { Node, Value } from '../program/value.js';
import { affine } from './affine.js';
import type { BatchNormAttributes } from './batch-norm.js';
import { divide, multiply, subtract } from './binary.js';
import { fill } from './fill.js';
import { differentiateParts } from './gradients.js';
import { float32, requireFloat32 } from './shapes.js';
import { square } from './square.js';
import { mean as meanOver, sum } from './sum.js';
import { sqrt } from './unary.js';

/**
 * Inputs x [.., c], gamma [c], mean [c], variance [c], dy [.., c]; outputs dx, dgamma, dbeta. With
 * h = (x - mean) / √(variance + epsilon) and n rows per channel: dbeta = Σ dy, dgamma = Σ dy·h and
 * dx = gamma / √(variance + epsilon) · (dy - dbeta / n - h · dgamma / n).
 * @internal
 */
export const batchNormGradientOp: Op<BatchNormAttributes> = {
  name: 'batchNormGradient',
  infer: (inputs) => {
    requireFloat32('batchNormGradient', ...inputs);
    const [x, gamma] = inputs;
    return [float32(x!.shape), float32(gamma!.shape), float32(gamma!.shape)];
  },
  gradient: (node, outputGradients) => {
    // Mean and variance are functions of x: they are computed anew from it, so that all of x's influence is followed.
    const [dx, dgamma, , , ddy] = differentiateParts(node, outputGradients, ([x, gamma, , , dy]) =>
      batchNormGradientParts(x!, gamma!, dy!, node.attributes),
    );
    return [dx, dgamma, undefined, undefined, ddy];
  },
};

/** The inputs of a `batchNormGradient` by name. */
export function batchNormGradientInputs({ inputs: [x, gamma, mean, variance, dy] }: Pick<Node, 'inputs'>) {
  return { x: x!, gamma: gamma!, mean: mean!, variance: variance!, dy: dy! };
}

export function batchNormGradient(
  x: Value,
  gamma: Value,
  mean: Value,
  variance: Value,
  dy: Value,
  attributes: BatchNormAttributes,
): readonly Value[] {
  return apply(batchNormGradientOp, [x, gamma, mean, variance, dy], attributes);
}

function batchNormGradientParts(x: Value, gamma: Value, dy: Value, { epsilon }: BatchNormAttributes): Value[] {
  const rows = [...x.shape.keys()].slice(0, -1);
  const centered = subtract(x, meanOver(x, rows));
  const deviation = sqrt(affine(meanOver(square(centered), rows), 1, epsilon));
  const h = divide(centered, deviation);
  const dbeta = sum(dy, rows);
  const dgamma = sum(multiply(dy, h), rows);
  const n = fill(
    x.graph,
    [],
    rows.reduce((count, axis) => count * x.shape[axis]!, 1),
  );
  const inner = subtract(subtract(dy, divide(dbeta, n)), multiply(h, divide(dgamma, n)));
  return [multiply(divide(gamma, deviation), inner), dgamma, dbeta];
}
