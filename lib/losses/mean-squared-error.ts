// Mean squared error.
import { square } from '../ops/square.js';
import { subtract } from '../ops/subtract.js';
import { mean } from '../ops/sum.js';
import type { Value } from '../program/value.js';
import { requireValues } from './require-values.js';

/** Mean of (prediction - target)² over all elements. */
export function meanSquaredError(targets: Value, predictions: Value): Value {
  requireValues('losses.meanSquaredError', targets, predictions);
  return mean(square(subtract(predictions, targets)));
}
