// conv2d + bias [+ activation] → conv2dActivation: inputs x, kernel and bias [out]; output y.
import { conv2dOp } from '../../ops/conv2d.js';
import { withBiasActivation } from './bias-activation.js';

export const conv2dActivation = withBiasActivation(conv2dOp);
