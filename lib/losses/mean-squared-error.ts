// Mean squared error.
import { mean, square, subtract } from '../ops/index.js';
import type { Value } from '../program/value.js';
import { requireValues } from './require-values.js';

/** Mean of (prediction - target)² over all elements. */
export function meanSquaredError(targets: Value, predictions: Value): Value {
  requireValues('losses.meanSquaredError', targets, predictions);
  return mean(square(subtract(predictions, targets)));
}
