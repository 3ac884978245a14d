// dy = a · b, then batchNormGradient at x, then dx · f'(x).
import type { MatmulAttributes } from '../../ops/matmul.js';
import { activationGradient } from './activation-gradient.js';
import { batchNormGradient } from './batch-norm-gradient.js';
import type { Kernel } from './kernel.js';
import { multiplyMatrices } from './matmul.js';

export const matmulBatchNormGradient: Kernel = ({
  inputs: [a, b, x, ...statistics],
  outputs: [dx, ...sums],
  ...call
}) => {
  const { transposeA, transposeB } = call.attributes as MatmulAttributes;
  const dy = { ...dx!, data: new Float64Array(dx!.data.length) };
  multiplyMatrices(a!, b!, dy, transposeA, transposeB);
  batchNormGradient({ ...call, inputs: [x!, ...statistics, dy], outputs: [dx!, ...sums] });
  activationGradient({ ...call, inputs: [dx!, x!], outputs: [dx!] });
};
