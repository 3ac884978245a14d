// Keeps numbers within bounds, composed of maximum and minimum.
import type { Value } from '../program/value.js';
import { maximum, minimum } from './binary.js';
import { fill } from './fill.js';

/** x, but at least `low` and at most `high`. The gradient of what lies outside is 0; that of the bounds themselves is not. */
export function clip(x: Value, low: number, high: number): Value {
  const bound = (value: number) => fill(x.graph, [], value);
  return minimum(bound(high), maximum(bound(low), x));
}
