// y = f(x · kernel + bias).
import type { ActivationAttributes } from '../../ops/activation.js';
import { activationFunction } from './activation.js';
import type { Kernel } from './kernel.js';
import { multiplyMatrices } from './matmul.js';

export const dense: Kernel = ({ inputs: [x, kernel, bias], outputs: [y], attributes }) => {
  const f = activationFunction(attributes as ActivationAttributes);
  multiplyMatrices(x!, kernel!, y!, false, false);
  const columns = bias!.data.length;
  y!.data.forEach((sum, i) => {
    y!.data[i] = f(sum + bias!.data[i % columns]!);
  });
};
