// The functions of two numbers.
import type { BinaryAttributes, BinaryKind } from '../../ops/binary.js';
import { broadcasting } from './elementwise.js';
import type { Kernel } from './kernel.js';

const functions: Readonly<Record<BinaryKind, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  divide: (a, b) => a / b,
  equal: (a, b) => (a === b ? 1 : 0),
  greater: (a, b) => (a > b ? 1 : 0),
  maximum: Math.max,
  minimum: Math.min,
  multiply: (a, b) => a * b,
  subtract: (a, b) => a - b,
};

export const binary: Kernel = (call) => broadcasting(functions[(call.attributes as BinaryAttributes).kind])(call);
