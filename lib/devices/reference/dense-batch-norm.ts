// h = f(x · kernel + bias), y = batchNorm(h).
import { batchNorm } from './batch-norm.js';
import { dense } from './dense.js';
import type { Kernel } from './kernel.js';

export const denseBatchNorm: Kernel = ({
  inputs: [x, kernel, bias, gamma, beta],
  outputs: [h, ...outputs],
  ...call
}) => {
  dense({ ...call, inputs: [x!, kernel!, bias!], outputs: [h!] });
  batchNorm({ ...call, inputs: [h!, gamma!, beta!], outputs });
};
