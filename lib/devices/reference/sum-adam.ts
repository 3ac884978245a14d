// Adam whose gradient is the sum of x over all axes but the last.
import { adam } from './adam.js';
import type { Kernel } from './kernel.js';

export const sumAdam: Kernel = ({ inputs: [p, m, v, x, t, learningRate], ...call }) => {
  const gradient = { ...p!, data: new Float64Array(p!.data.length) };
  x!.data.forEach((value, i) => {
    gradient.data[i % gradient.data.length]! += value;
  });
  adam({ ...call, inputs: [p!, m!, v!, gradient, t!, learningRate!] });
};
