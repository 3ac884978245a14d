// x², composed of multiply.
import { requireInputs } from '../program/op.js';
import type { Value } from '../program/value.js';
import { multiply } from './binary.js';

/** x². */
export function square(x: Value): Value {
  requireInputs('square', [x]);
  return multiply(x, x);
}
