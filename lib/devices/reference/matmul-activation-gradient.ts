// dx = (a · b) · f'(y).
import type { MatmulAttributes } from '../../ops/matmul.js';
import { activationGradient } from './activation-gradient.js';
import type { Kernel } from './kernel.js';
import { multiplyMatrices } from './matmul.js';

export const matmulActivationGradient: Kernel = ({ inputs: [a, b, y], outputs: [dx], ...call }) => {
  const { transposeA, transposeB } = call.attributes as MatmulAttributes;
  multiplyMatrices(a!, b!, dx!, transposeA, transposeB);
  activationGradient({ ...call, inputs: [dx!, y!], outputs: [dx!] });
};
