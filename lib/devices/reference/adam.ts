// m ← β1 m + (1 - β1) g;  v ← β2 v + (1 - β2) g²;  p ← p - lr · √(1 - β2ᵗ) / (1 - β1ᵗ) · m / (√v + ε).
import type { AdamAttributes } from '../../ops/adam.js';
import type { Kernel } from './kernel.js';

export const adam: Kernel = ({ inputs: [, , , gradient, t, learningRate], outputs: [p, m, v], attributes }) => {
  const { beta1, beta2, epsilon } = attributes as AdamAttributes;
  const updates = t!.data[0]!;
  const rate = (learningRate!.data[0]! * Math.sqrt(1 - beta2 ** updates)) / (1 - beta1 ** updates);
  gradient!.data.forEach((g, i) => {
    m!.data[i] = beta1 * m!.data[i]! + (1 - beta1) * g;
    v!.data[i] = beta2 * v!.data[i]! + (1 - beta2) * g * g;
    p!.data[i]! -= (rate * m!.data[i]!) / (Math.sqrt(v!.data[i]!) + epsilon);
  });
};
