// What each device fuses. Of several fusions that apply, the first one counts.
import type { Fusion } from '../../program/fuse.js';
import { batchNormActivation } from './batch-norm-activation.js';
import { batchNormActivationGradient } from './batch-norm-activation-gradient.js';
import { conv2dActivation, conv2dActivationWithNormalization } from './conv2d-activation.js';
import {
  conv2dInputGradientActivation,
  conv2dInputGradientActivationWithNormalization,
} from './conv2d-input-gradient-activation.js';
import { conv2dInputGradientActivationGradient } from './conv2d-input-gradient-activation-gradient.js';
import { conv2dKernelGradientAdam } from './conv2d-kernel-gradient-adam.js';
import { dense } from './dense.js';
import { denseBatchNorm } from './dense-batch-norm.js';
import { denseLossGradient } from './dense-loss-gradient.js';
import { denseNormalize } from './dense-normalize.js';
import { dropoutActivationGradient } from './dropout-activation-gradient.js';
import { elementSteps } from './element-steps.js';
import { matmulActivationGradient } from './matmul-activation-gradient.js';
import { matmulAdam } from './matmul-adam.js';
import { matmulBatchNormGradient } from './matmul-batch-norm-gradient.js';
import { sumAdam, sumAdamOfFew } from './sum-adam.js';

export const cpuFusions: readonly Fusion[] = [
  dense,
  matmulAdam,
  sumAdamOfFew,
  conv2dActivationWithNormalization,
  conv2dInputGradientActivationWithNormalization,
  conv2dInputGradientActivationGradient,
  conv2dKernelGradientAdam,
  batchNormActivation,
  batchNormActivationGradient,
  dropoutActivationGradient,
];

/** Up to 128 rows fit into one block of threads there, which can then normalise them too. */
export const cudaFusions: readonly Fusion[] = [
  denseLossGradient,
  denseBatchNorm,
  denseNormalize,
  dense,
  matmulAdam,
  matmulActivationGradient,
  matmulBatchNormGradient,
  batchNormActivation,
  batchNormActivationGradient,
  dropoutActivationGradient,
  sumAdam,
  conv2dActivation,
  conv2dInputGradientActivation,
  conv2dKernelGradientAdam,
  elementSteps,
];
