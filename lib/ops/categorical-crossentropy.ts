// Categorical cross-entropy from logits z [.., c] and target distributions t [.., c]: Σ t · (logsumexp(z) - z).
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { negate } from './affine.js';
import { multiply, subtract } from './binary.js';
import { reshape } from './reshape.js';
import { float32, requireFloat32, requireSameShape, shapeError } from './shapes.js';
import { softmax } from './softmax.js';
import { sum } from './sum.js';
import { log } from './unary.js';

/** @internal */
export const categoricalCrossentropyOp: Op = {
  name: 'categoricalCrossentropy',
  infer: ([logits, targets]) => {
    requireFloat32('categoricalCrossentropy', logits!, targets!);
    requireSameShape('categoricalCrossentropy', logits!, targets!);
    if (logits!.shape.length === 0) throw shapeError('categoricalCrossentropy needs at least 1 dimension, found []');
    return [float32(logits!.shape.slice(0, -1))];
  },
  gradient: ({ inputs: [logits, targets] }, [dy]) => {
    const probabilities = softmax(logits!);
    const perRow = reshape(dy!, [...dy!.shape, 1]);
    const mass = sum(targets!, [-1]);
    const expected = multiply(probabilities, reshape(mass, [...mass.shape, 1]));
    return [multiply(perRow, subtract(expected, targets!)), multiply(perRow, negate(log(probabilities)))];
  },
};

/** Loss of every row: the last axis, of classes, disappears. */
export function categoricalCrossentropy(logits: Value, targets: Value): Value {
  return applyOne(categoricalCrossentropyOp, [logits, targets], {});
}
