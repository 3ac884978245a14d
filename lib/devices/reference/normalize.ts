// y = gamma · (x - mean) / √(variance + epsilon) + beta.
import type { BatchNormAttributes } from '../../ops/batch-norm.js';
import type { Kernel } from './kernel.js';

export const normalize: Kernel = ({ inputs: [x, gamma, beta, mean, variance], outputs: [y], attributes }) => {
  const { epsilon } = attributes as BatchNormAttributes;
  const columns = gamma!.data.length;
  x!.data.forEach((value, i) => {
    const c = i % columns;
    const scale = gamma!.data[c]! / Math.sqrt(variance!.data[c]! + epsilon);
    y!.data[i] = (value - mean!.data[c]!) * scale + beta!.data[c]!;
  });
};
