// s ← ρ s + (1 - ρ) g²;  p ← p - lr · g / √(s + ε).
import type { RmspropAttributes } from '../../ops/rmsprop.js';
import type { Kernel } from './kernel.js';

export const rmsprop: Kernel = ({ inputs: [, , gradient, learningRate], outputs: [p, s], attributes }) => {
  const { rho, epsilon } = attributes as RmspropAttributes;
  gradient!.data.forEach((g, i) => {
    s!.data[i] = rho * s!.data[i]! + (1 - rho) * g * g;
    p!.data[i]! -= (learningRate!.data[0]! * g) / Math.sqrt(s!.data[i]! + epsilon);
  });
};
