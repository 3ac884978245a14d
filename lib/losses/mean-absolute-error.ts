// Mean absolute error.
import { abs } from '../ops/abs.js';
import { subtract } from '../ops/subtract.js';
import { mean } from '../ops/sum.js';
import type { Value } from '../program/value.js';
import { requireValues } from './require-values.js';

/** Mean of |prediction - target| over all elements. */
export function meanAbsoluteError(targets: Value, predictions: Value): Value {
  requireValues('losses.meanAbsoluteError', targets, predictions);
  return mean(abs(subtract(predictions, targets)));
}
