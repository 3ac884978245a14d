// dy · (σ(z) - t), element by element.
import { activationFunction } from './activation.js';
import type { Kernel } from './kernel.js';

const sigmoid = activationFunction({ kind: 'sigmoid', alpha: 0 });

export const binaryCrossentropyGradient: Kernel = ({ inputs: [dy, logits, targets], outputs: [dz] }) => {
  logits!.data.forEach((logit, i) => {
    dz!.data[i] = dy!.data[i]! * (sigmoid(logit) - targets!.data[i]!);
  });
};
