// Binary cross-entropy: mean of -t ln p - (1 - t) ln (1 - p).
import { trueOrFalse } from '../checks.js';
import { add, affine, binaryCrossentropy as crossentropyOfLogits, log, mean, multiply, negate } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { clipProbabilities } from './clip.js';
import { logitsOf } from './logits.js';
import { type Loss, smoothingOption } from './loss.js';
import { requireValues } from './require-values.js';

/** What `binaryCrossentropy` and `categoricalCrossentropy` take. */
export interface CrossentropyOptions {
  /** Whether predictions are logits: any numbers, of which no activation has made probabilities. Default false. */
  readonly fromLogits?: boolean | undefined;
  /**
   * The share of the targets, 0 to 1, that is the same for all classes: of two, 1 becomes 1 - labelSmoothing / 2 and 0 becomes
   * labelSmoothing / 2. Default 0.
   */
  readonly labelSmoothing?: number | undefined;
}

/** @internal */
export const crossentropyOptionNames: OptionNames<CrossentropyOptions> = { fromLogits: true, labelSmoothing: true };

/**
 * Mean over all elements. Where a sigmoid made the predictions, its input is used, so nothing is clipped and the gradient
 * never vanishes; other predictions are clipped to [1e-7, 1 - 1e-7] as in Keras.
 */
export function binaryCrossentropy(targets: Value, predictions: Value, options?: CrossentropyOptions): Value {
  return mean(unreducedBinaryCrossentropy(options)(targets, predictions));
}

/** Of every element. */
export function unreducedBinaryCrossentropy(options?: CrossentropyOptions): Loss {
  const call = 'losses.binaryCrossentropy';
  const { fromLogits = false, labelSmoothing = 0 } = checkOptions(call, options, crossentropyOptionNames);
  trueOrFalse('fromLogits', fromLogits);
  smoothingOption(labelSmoothing);
  return (targets, predictions) => {
    requireValues(call, targets, predictions);
    const smoothed = labelSmoothing === 0 ? targets : affine(targets, 1 - labelSmoothing, labelSmoothing / 2);
    const logits = logitsOf(call, predictions, 'sigmoid', fromLogits);
    if (logits !== undefined) return crossentropyOfLogits(logits, smoothed);
    const p = clipProbabilities(predictions);
    const ofOnes = multiply(smoothed, log(p));
    const ofZeros = multiply(affine(smoothed, -1, 1), log(affine(p, -1, 1)));
    return negate(add(ofOnes, ofZeros));
  };
}
