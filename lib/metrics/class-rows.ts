// Targets and predictions of all forms as rows with a column for each class.
import { distributionsOf } from '../losses/categorical-crossentropy.js';
import { requireValues } from '../losses/require-values.js';
import { add, affine, argMax, equal, fill, greater, minimum, reshape } from '../ops/index.js';
import type { Value } from '../program/value.js';
import { Variable } from '../program/variable.js';
import { sizeOf } from '../tensor.js';

/** Both [rows, classes]; of one probability for each sample, [rows, 1]. */
export interface ClassRows {
  readonly targets: Value;
  readonly predictions: Value;
  readonly classes: number;
}

/**
 * Predictions [.., classes], or [.., 1]; targets of the same shape, or class numbers, int32 [..].
 * @throws CudaGanError `CUDA_GAN_VALUE` for what are no Values, `CUDA_GAN_SHAPE` where the two do not fit.
 */
export function classRows(call: string, targets: Value, predictions: Value): ClassRows {
  requireValues(call, targets, predictions);
  const classes = predictions.shape.at(-1) ?? 1;
  const shape = [sizeOf(predictions.shape.slice(0, -1)), classes];
  const shares = targets.dtype === 'int32' ? distributionsOf(targets, predictions) : targets;
  return { targets: reshape(shares, shape), predictions: reshape(predictions, shape), classes };
}

/** 1 for targets that stand for yes, also smoothed ones, else 0. */
export function positives({ targets }: ClassRows): Value {
  return above(targets, 0.5);
}

/** 1 where x is above `threshold`, else 0. */
export function above(x: Value, threshold: number): Value {
  return greater(x, fill(x.graph, [], threshold));
}

/** More than any probability, and than logits that a network computes. */
const huge = 1e38;

/** 1 for the `count` largest of each row of x [rows, classes], else 0; of equal ones the first go before. */
export function largest(x: Value, count: number): Value {
  const [rows, classes] = x.shape as [number, number];
  const numbers = constantRow(
    x,
    Float32Array.from({ length: classes }, (_, number) => number),
  );
  let [found, rest] = [fill(x.graph, [rows, classes], 0), x];
  for (let i = 0; i < count; i++) {
    const best = equal(reshape(argMax(rest), [rows, 1]), numbers);
    found = add(found, best);
    // Those that were found are the smallest from here on.
    rest = minimum(rest, affine(best, -2 * huge, huge));
  }
  return found;
}

/** Numbers that a metric computes with, [1, length], in the graph of `like`. */
export function constantRow({ graph }: Value, data: Float32Array): Value {
  return graph.read(new Variable({ name: 'constants', shape: [1, data.length], initial: () => data }));
}
