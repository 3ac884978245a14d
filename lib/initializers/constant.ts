// Initializers without chance.
import { finiteNumber } from '../checks.js';
import { sizeOf } from '../tensor.js';
import type { Initializer } from './initializer.js';

/** `value` in every element. Default 0. */
export function constant({ value = 0 } = {}): Initializer {
  finiteNumber('value', value);
  return { name: 'constant', config: { value }, create: (shape) => new Float32Array(sizeOf(shape)).fill(value) };
}

export function zeros(): Initializer {
  return { ...constant({ value: 0 }), name: 'zeros', config: {} };
}

export function ones(): Initializer {
  return { ...constant({ value: 1 }), name: 'ones', config: {} };
}
