// v ← momentum · v + (1 - momentum) · x.
import type { Kernel } from './kernel.js';

export const movingAverage: Kernel = ({ inputs: [, x], outputs: [v], attributes }) => {
  const momentum = attributes.momentum as number;
  x!.data.forEach((value, i) => {
    v!.data[i] = momentum * v!.data[i]! + (1 - momentum) * value;
  });
};
