// Accuracy: the share of predictions that are right.
import { finiteNumber } from '../checks.js';
import { distributionsOf } from '../losses/categorical-crossentropy.js';
import { requireValues } from '../losses/require-values.js';
import { argMax, equal, fill, greater, mean } from '../ops/index.js';
import type { Value } from '../program/value.js';

/**
 * Predictions above `threshold` count as 1, and so do targets: smoothed ones, as 0.9 for 1, are compared as what they
 * stand for. (Keras compares targets as they are, so that none of 0.9 is ever right.)
 */
export function binaryAccuracy(targets: Value, predictions: Value, threshold = 0.5): Value {
  requireValues('metrics.binaryAccuracy', targets, predictions);
  finiteNumber('threshold', threshold);
  const isOne = (values: Value) => greater(values, fill(values.graph, [], threshold));
  return mean(equal(isOne(predictions), isOne(targets)));
}

/** The largest of the predictions is where the largest target is. */
export function categoricalAccuracy(targets: Value, predictions: Value): Value {
  requireValues('metrics.categoricalAccuracy', targets, predictions);
  return mean(equal(argMax(predictions), argMax(targets)));
}

/** The largest of the predictions is at the target's class number (int32). */
export function sparseCategoricalAccuracy(targets: Value, predictions: Value): Value {
  requireValues('metrics.sparseCategoricalAccuracy', targets, predictions);
  return categoricalAccuracy(distributionsOf(targets, predictions), predictions);
}
