// Cosine of the angle between targets and predictions as a loss: -1 where they point the same way.
import { divide, fill, maximum, mean, multiply, negate, reshape, sqrt, square, sum } from '../ops/index.js';
import type { Value } from '../program/value.js';
import { epsilon } from './clip.js';
import { type Loss, requireNoOptions } from './loss.js';
import { requireValues } from './require-values.js';

/** Mean over samples of -t·p / (‖t‖ ‖p‖) along the last axis; 0 where one of them is 0. */
export function cosineSimilarity(targets: Value, predictions: Value): Value {
  return mean(unreducedCosineSimilarity()(targets, predictions));
}

/** Of every row: the last axis disappears. */
export function unreducedCosineSimilarity(options?: object): Loss {
  requireNoOptions('losses.cosineSimilarity', options);
  return (targets, predictions) => {
    requireValues('losses.cosineSimilarity', targets, predictions);
    return negate(sum(multiply(unit(targets), unit(predictions)), [-1]));
  };
}

/** x / max(‖x‖, 1e-7) along the last axis. */
function unit(x: Value): Value {
  const squares = sum(square(x), [-1]);
  const norm = sqrt(maximum(squares, fill(x.graph, [], epsilon ** 2)));
  return divide(x, reshape(norm, [...norm.shape, 1]));
}
