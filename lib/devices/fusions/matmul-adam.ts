// matmul + adam, where the product is the gradient of a kernel → matmulAdam.
import { matmulOp } from '../../ops/matmul.js';
import { gradientAdam } from './gradient-adam.js';

export const matmulAdam = gradientAdam(matmulOp);
