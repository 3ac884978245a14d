// Kullback-Leibler divergence of predictions from targets, both distributions over the last axis.
import { clip } from '../ops/clip.js';
import { divide, log, mean, multiply, sum } from '../ops/index.js';
import type { Value } from '../program/value.js';
import { epsilon } from './clip.js';
import { type Loss, requireNoOptions } from './loss.js';
import { requireValues } from './require-values.js';

/** Mean over samples of Σ t ln(t / p) along the last axis, both kept in [1e-7, 1] as in Keras. */
export function klDivergence(targets: Value, predictions: Value): Value {
  return mean(unreducedKlDivergence()(targets, predictions));
}

/** Of every row: the last axis disappears. */
export function unreducedKlDivergence(options?: object): Loss {
  requireNoOptions('losses.klDivergence', options);
  return (targets, predictions) => {
    requireValues('losses.klDivergence', targets, predictions);
    const t = clip(targets, epsilon, 1);
    return sum(multiply(t, log(divide(t, clip(predictions, epsilon, 1)))), [-1]);
  };
}
