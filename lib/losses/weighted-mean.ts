// What weights of samples do to a loss.
import { mean, multiply, reshape } from '../ops/index.js';
import type { Value } from '../program/value.js';

/** The mean of losses [batch, ..], those of a sample multiplied by its weight, of [batch]. As in Keras, not of the weights' sum. */
export function weightedMean(losses: Value, weights: Value): Value {
  const [batch, ...within] = losses.shape as [number, ...number[]];
  return mean(multiply(losses, reshape(weights, [batch, ...within.map(() => 1)])));
}
