// Batch normalisation in training mode (Ioffe & Szegedy 2015), over all axes but the last.
import { positiveNumber } from '../checks.js';
import { apply, type Op } from '../program/op.js';
import type { TensorType, Value } from '../program/value.js';
import { formatShape, sameShape } from '../tensor.js';
import { batchNormGradient } from './batch-norm-gradient.js';
import { float32, requireFloat32, shapeError } from './shapes.js';

export type BatchNormAttributes = { epsilon: number };

/**
 * Outputs y [.., c], mean [c] and biased variance [c] of x [.., c]:
 * y = gamma · (x - mean) / √(variance + epsilon) + beta. Mean and variance serve the moving statistics only: no
 * gradient flows through those two outputs.
 * @internal
 */
export const batchNormOp: Op<BatchNormAttributes> = {
  name: 'batchNorm',
  infer: ([x, gamma, beta], { epsilon }) => {
    requireFloat32('batchNorm', x!, gamma!, beta!);
    positiveNumber('batchNorm: epsilon', epsilon);
    const statistic = float32(channelsOf('batchNorm', x!, [gamma!, beta!]));
    return [float32(x!.shape), statistic, statistic];
  },
  gradient: ({ inputs: [x, gamma], outputs: [, mean, variance], attributes }, [dy]) =>
    dy === undefined
      ? [undefined, undefined, undefined]
      : batchNormGradient(x!, gamma!, mean!, variance!, dy, attributes),
};

/**
 * Normalises x [.., c] with the batch's own statistics: `y` = gamma · (x - mean) / √(variance + epsilon) + beta, and the `mean` [c] and
 * biased `variance` [c] that it went by, through which no gradient flows.
 */
export function batchNorm(
  x: Value,
  gamma: Value,
  beta: Value,
  epsilon: number,
): Record<'y' | 'mean' | 'variance', Value> {
  const [y, mean, variance] = apply(batchNormOp, [x, gamma, beta], { epsilon });
  return { y: y!, mean: mean!, variance: variance! };
}

/** The shape [c] of the last axis of `x` [.., c], which all `parameters` must have. */
export function channelsOf(op: string, { shape }: TensorType, parameters: readonly TensorType[]): readonly number[] {
  if (shape.length < 2) throw shapeError(`${op} needs at least 2 dimensions, found ${formatShape(shape)}`);
  const channels = shape.slice(-1);
  for (const parameter of parameters) {
    if (!sameShape(parameter.shape, channels)) {
      throw shapeError(`${op}: ${formatShape(parameter.shape)} does not fit the last axis of ${formatShape(shape)}`);
    }
  }
  return channels;
}
