// Mean squared error.
import { mean, square, subtract } from '../ops/index.js';
import type { Value } from '../program/value.js';
import { type Loss, requireNoOptions } from './loss.js';
import { requireValues } from './require-values.js';

/** Mean of (prediction - target)² over all elements. */
export function meanSquaredError(targets: Value, predictions: Value): Value {
  return mean(unreducedSquaredError()(targets, predictions));
}

/** Of every element. */
export function unreducedSquaredError(options?: object): Loss {
  requireNoOptions('losses.meanSquaredError', options);
  return (targets, predictions) => {
    requireValues('losses.meanSquaredError', targets, predictions);
    return square(subtract(predictions, targets));
  };
}
