// Keeps probabilities away from 0 and 1, where their logarithm is infinite.
import { clip } from '../ops/clip.js';
import type { Value } from '../program/value.js';

/** Keras' epsilon. */
export const epsilon = 1e-7;

export function clipProbabilities(x: Value): Value {
  return clip(x, epsilon, 1 - epsilon);
}
