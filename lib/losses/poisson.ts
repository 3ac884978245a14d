// Poisson loss: the negative log-likelihood of counts by their predicted means, without what does not depend on these.
import { affine, log, mean, multiply, subtract } from '../ops/index.js';
import type { Value } from '../program/value.js';
import { epsilon } from './clip.js';
import { type Loss, requireNoOptions } from './loss.js';
import { requireValues } from './require-values.js';

/** Mean of p - t ln(p + 1e-7) over all elements. */
export function poisson(targets: Value, predictions: Value): Value {
  return mean(unreducedPoisson()(targets, predictions));
}

/** Of every element. */
export function unreducedPoisson(options?: object): Loss {
  requireNoOptions('losses.poisson', options);
  return (targets, predictions) => {
    requireValues('losses.poisson', targets, predictions);
    return subtract(predictions, multiply(targets, log(affine(predictions, 1, epsilon))));
  };
}
