// conv2dInputGradient + bias [+ activation], a transposed convolution's layer → conv2dInputGradientActivation: inputs x,
// kernel and bias [in]; output y.
import { conv2dInputGradientOp } from '../../ops/conv2d-input-gradient.js';
import { withBiasActivation } from './bias-activation.js';
import { withBiasOrNormalization } from './normalize-activation.js';

export const conv2dInputGradientActivation = withBiasActivation(conv2dInputGradientOp);

/** Where a normalisation may take the place of the bias: inputs x, kernel, gamma, beta, mean and variance then. */
export const conv2dInputGradientActivationWithNormalization = withBiasOrNormalization(conv2dInputGradientOp);
