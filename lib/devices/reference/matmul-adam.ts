// Adam whose gradient is a · b.
import type { MatmulAttributes } from '../../ops/matmul.js';
import { adam } from './adam.js';
import type { Kernel } from './kernel.js';
import { multiplyMatrices } from './matmul.js';

export const matmulAdam: Kernel = ({ inputs: [p, m, v, a, b, t, learningRate], ...call }) => {
  const { transposeA, transposeB } = call.attributes as MatmulAttributes;
  const gradient = { ...p!, data: new Float64Array(p!.data.length) };
  multiplyMatrices(a!, b!, gradient, transposeA, transposeB);
  adam({ ...call, inputs: [p!, m!, v!, gradient, t!, learningRate!] });
};
