// Categorical cross-entropy: mean over samples of -Σ t ln p, with targets as distributions or as class numbers.
import { trueOrFalse } from '../checks.js';
import {
  affine,
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
import { checkOptions } from '../options.js';
import type { Value } from '../program/value.js';
import { type CrossentropyOptions, crossentropyOptionNames } from './binary-crossentropy.js';
import { clipProbabilities } from './clip.js';
import { logitsOf } from './logits.js';
import { type Loss, smoothingOption } from './loss.js';
import { requireValues } from './require-values.js';

/**
 * Targets [.., classes] are distributions. From logits where a softmax made the predictions. By `labelSmoothing` s, a target t
 * becomes (1 - s) t + s / classes.
 */
export function categoricalCrossentropy(targets: Value, predictions: Value, options?: CrossentropyOptions): Value {
  return mean(unreducedCategoricalCrossentropy(options)(targets, predictions));
}

/** Targets are class numbers, int32, [..] or [.., 1]. `labelSmoothing` is that of `categoricalCrossentropy`; Keras has none here. */
export function sparseCategoricalCrossentropy(
  targets: Value,
  predictions: Value,
  options?: CrossentropyOptions,
): Value {
  return mean(unreducedSparseCategoricalCrossentropy(options)(targets, predictions));
}

/** Of every row: the last axis, of classes, disappears. */
export function unreducedCategoricalCrossentropy(options?: CrossentropyOptions): Loss {
  return unreduced('losses.categoricalCrossentropy', options, (targets) => targets);
}

/** Of every row, with targets as class numbers. */
export function unreducedSparseCategoricalCrossentropy(options?: CrossentropyOptions): Loss {
  return unreduced('losses.sparseCategoricalCrossentropy', options, distributionsOf);
}

/** `distributions` makes targets [.., classes] of those that are given. */
function unreduced(call: string, options: CrossentropyOptions | undefined, distributions: Loss): Loss {
  const { fromLogits = false, labelSmoothing = 0 } = checkOptions(call, options, crossentropyOptionNames);
  trueOrFalse('fromLogits', fromLogits);
  smoothingOption(labelSmoothing);
  return (given, predictions) => {
    requireValues(call, given, predictions);
    const targets = distributions(given, predictions);
    const even = labelSmoothing / (predictions.shape.at(-1) ?? 1);
    const smoothed = labelSmoothing === 0 ? targets : affine(targets, 1 - labelSmoothing, even);
    return crossentropyOfRows(smoothed, predictions, logitsOf(call, predictions, 'softmax', fromLogits));
  };
}

function crossentropyOfRows(targets: Value, predictions: Value, logits: Value | undefined): Value {
  if (logits !== undefined) return crossentropyOfLogits(logits, targets);
  const total = sum(predictions, [-1]);
  const p = clipProbabilities(divide(predictions, reshape(total, [...total.shape, 1])));
  return negate(sum(multiply(targets, log(p)), [-1]));
}

/** Class numbers as distributions of the predictions' shape. */
export function distributionsOf(classes: Value, predictions: Value): Value {
  return reshape(oneHot(classes, predictions.shape.at(-1)!), predictions.shape);
}
