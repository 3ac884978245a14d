// Mean absolute error.
import { abs, mean, subtract } from '../ops/index.js';
import type { Value } from '../program/value.js';
import { type Loss, requireNoOptions } from './loss.js';
import { requireValues } from './require-values.js';

/** Mean of |prediction - target| over all elements. */
export function meanAbsoluteError(targets: Value, predictions: Value): Value {
  return mean(unreducedAbsoluteError()(targets, predictions));
}

/** Of every element. */
export function unreducedAbsoluteError(options?: object): Loss {
  requireNoOptions('losses.meanAbsoluteError', options);
  return (targets, predictions) => {
    requireValues('losses.meanAbsoluteError', targets, predictions);
    return abs(subtract(predictions, targets));
  };
}
