// Categorical cross-entropy: mean over samples of -Σ t ln p, with targets as distributions or as class numbers.
import {
  categoricalCrossentropy as crossentropyOfLogits,
  divide,
  log,
  mean,
  multiply,
  negate,
  oneHot,
  reshape,
  sum,
} from '../ops/index.js';
import type { Value } from '../program/value.js';
import { clipProbabilities } from './clip.js';
import { logitsBehind } from './logits.js';
import { requireValues } from './require-values.js';

/** Targets [.., classes] are distributions. From logits where a softmax made the predictions. */
export function categoricalCrossentropy(targets: Value, predictions: Value): Value {
  requireValues('losses.categoricalCrossentropy', targets, predictions);
  const logits = logitsBehind(predictions, 'softmax');
  if (logits !== undefined) return mean(crossentropyOfLogits(logits, targets));
  const total = sum(predictions, [-1]);
  const p = clipProbabilities(divide(predictions, reshape(total, [...total.shape, 1])));
  return negate(mean(sum(multiply(targets, log(p)), [-1])));
}

/** Targets are class numbers, int32, [..] or [.., 1]. */
export function sparseCategoricalCrossentropy(targets: Value, predictions: Value): Value {
  requireValues('losses.sparseCategoricalCrossentropy', targets, predictions);
  return categoricalCrossentropy(distributionsOf(targets, predictions), predictions);
}

/** Class numbers as distributions of the predictions' shape. */
export function distributionsOf(classes: Value, predictions: Value): Value {
  return reshape(oneHot(classes, predictions.shape.at(-1)!), predictions.shape);
}
