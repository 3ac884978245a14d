// conv2dKernelGradient + adam → conv2dKernelGradientAdam.
import { conv2dKernelGradientOp } from '../../ops/conv2d-kernel-gradient.js';
import { gradientAdam } from './gradient-adam.js';

export const conv2dKernelGradientAdam = gradientAdam(conv2dKernelGradientOp);
