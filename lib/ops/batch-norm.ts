// Batch normalisation in training mode (Ioffe & Szegedy 2015), over all axes but the last.
import { apply, type Op } from '../program/op.js';
import type { TensorType, Value } from '../program/value.js';
import { formatShape } from '../tensor.js';
import { add } from './add.js';
import { affine } from './affine.js';
import { batchNormGradient } from './batch-norm-gradient.js';
import { divide } from './divide.js';
import { multiply } from './multiply.js';
import { float32, shapeError } from './shapes.js';
import { sqrt } from './sqrt.js';
import { subtract } from './subtract.js';

export type BatchNormAttributes = { epsilon: number };

/**
 * Outputs y [.., c], mean [c] and biased variance [c] of x [.., c]:
 * y = gamma · (x - mean) / √(variance + epsilon) + beta. Mean and variance serve the moving statistics only: no
 * gradient flows through those two outputs.
 */
export const batchNormOp: Op<BatchNormAttributes> = {
  name: 'batchNorm',
  infer: ([x, gamma, beta]) => {
    const statistic = float32(channelsOf(x!));
    for (const parameter of [gamma!, beta!]) {
      if (parameter.shape.length !== 1 || parameter.shape[0] !== statistic.shape[0]) {
        throw shapeError(
          `batchNorm: ${formatShape(parameter.shape)} does not fit the last axis of ${formatShape(x!.shape)}`,
        );
      }
    }
    return [float32(x!.shape), statistic, statistic];
  },
  gradient: ({ inputs: [x, gamma], outputs: [, mean, variance], attributes }, [dy]) =>
    dy === undefined
      ? [undefined, undefined, undefined]
      : batchNormGradient(x!, gamma!, mean!, variance!, dy, attributes),
};

/** Normalises with the batch's own statistics. */
export function batchNorm(x: Value, gamma: Value, beta: Value, epsilon: number) {
  const [y, mean, variance] = apply(batchNormOp, [x, gamma, beta], { epsilon });
  return { y: y!, mean: mean!, variance: variance! };
}

/** Normalises with given statistics, as in inference. */
export function normalize(x: Value, gamma: Value, beta: Value, mean: Value, variance: Value, epsilon: number): Value {
  const scale = divide(gamma, sqrt(affine(variance, 1, epsilon)));
  return add(multiply(subtract(x, mean), scale), beta);
}

function channelsOf({ shape }: TensorType): readonly number[] {
  if (shape.length < 2) throw shapeError(`batchNorm needs at least 2 dimensions, found ${formatShape(shape)}`);
  return [shape[shape.length - 1]!];
}
