// Binary cross-entropy: mean of -t ln p - (1 - t) ln (1 - p).
import { add, affine, binaryCrossentropy as crossentropyOfLogits, log, mean, multiply, negate } from '../ops/index.js';
import type { Value } from '../program/value.js';
import { clipProbabilities } from './clip.js';
import { logitsBehind } from './logits.js';
import { requireValues } from './require-values.js';

/**
 * Mean over all elements. Where a sigmoid made the predictions, its input is used, so nothing is clipped and the gradient
 * never vanishes; other predictions are clipped to [1e-7, 1 - 1e-7] as in Keras.
 */
export function binaryCrossentropy(targets: Value, predictions: Value): Value {
  requireValues('losses.binaryCrossentropy', targets, predictions);
  const logits = logitsBehind(predictions, 'sigmoid');
  if (logits !== undefined) return mean(crossentropyOfLogits(logits, targets));
  const p = clipProbabilities(predictions);
  const ofOnes = multiply(targets, log(p));
  const ofZeros = multiply(affine(targets, -1, 1), log(affine(p, -1, 1)));
  return negate(mean(add(ofOnes, ofZeros)));
}
