// x², composed of multiply.
import type { Value } from '../program/value.js';
import { multiply } from './binary.js';

export function square(x: Value): Value {
  return multiply(x, x);
}
