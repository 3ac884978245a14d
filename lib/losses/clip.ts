// Keeps probabilities away from 0 and 1, where their logarithm is infinite.
import { fill, maximum, minimum } from '../ops/index.js';
import type { Value } from '../program/value.js';

/** Keras' epsilon. */
const epsilon = 1e-7;

export function clipProbabilities(x: Value): Value {
  const bound = (value: number) => fill(x.graph, [], value);
  return minimum(maximum(x, bound(epsilon)), bound(1 - epsilon));
}
