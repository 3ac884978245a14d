// conv2d + bias [+ activation] → conv2dActivation: inputs x, kernel and bias [out]; output y.
import { conv2dOp } from '../../ops/conv2d.js';
import { withBiasActivation } from './bias-activation.js';
import { withBiasOrNormalization } from './normalize-activation.js';

export const conv2dActivation = withBiasActivation(conv2dOp);

/** Where a normalisation may take the place of the bias: inputs x, kernel, gamma, beta, mean and variance then. */
export const conv2dActivationWithNormalization = withBiasOrNormalization(conv2dOp);
