// Logarithm of the hyperbolic cosine of the error: about e² / 2 for small errors, |e| - ln 2 for large ones.
import { add, affine, mean, softplus, subtract } from '../ops/index.js';
import type { Value } from '../program/value.js';
import { type Loss, requireNoOptions } from './loss.js';
import { requireValues } from './require-values.js';

/** Mean of ln cosh (prediction - target) over all elements. */
export function logCosh(targets: Value, predictions: Value): Value {
  return mean(unreducedLogCosh()(targets, predictions));
}

/** Of every element, as e + ln(1 + e^(-2e)) - ln 2, which cannot overflow. */
export function unreducedLogCosh(options?: object): Loss {
  requireNoOptions('losses.logCosh', options);
  return (targets, predictions) => {
    requireValues('losses.logCosh', targets, predictions);
    const error = subtract(predictions, targets);
    return affine(add(error, softplus(affine(error, -2))), 1, -Math.LN2);
  };
}
