// Mean absolute error.
import { abs, mean, subtract } from '../ops/index.js';
import type { Value } from '../program/value.js';
import { requireValues } from './require-values.js';

/** Mean of |prediction - target| over all elements. */
export function meanAbsoluteError(targets: Value, predictions: Value): Value {
  requireValues('losses.meanAbsoluteError', targets, predictions);
  return mean(abs(subtract(predictions, targets)));
}
