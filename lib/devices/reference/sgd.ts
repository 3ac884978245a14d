// v ← momentum · v - lr · g;  p ← p + v, or p + momentum · v - lr · g with Nesterov's correction.
import type { SgdAttributes } from '../../ops/sgd.js';
import type { Kernel } from './kernel.js';

export const sgd: Kernel = ({ inputs: [, , gradient, learningRate], outputs: [p, velocity], attributes }) => {
  const { momentum, nesterov } = attributes as SgdAttributes;
  gradient!.data.forEach((g, i) => {
    const along = learningRate!.data[0]! * g;
    const v = momentum * velocity!.data[i]! - along;
    velocity!.data[i] = v;
    p!.data[i]! += nesterov ? momentum * v - along : v;
  });
};
