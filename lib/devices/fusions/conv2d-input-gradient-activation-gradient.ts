// conv2dInputGradient + activationGradient, where the product is dy → conv2dInputGradientActivationGradient: inputs dy, kernel and y, of
// the product's shape; output dx = conv2dInputGradient(dy, kernel) · f'(y).
import { conv2dInputGradientOp } from '../../ops/conv2d-input-gradient.js';
import { withActivationGradient } from './activation-gradient-after.js';

export const conv2dInputGradientActivationGradient = withActivationGradient(conv2dInputGradientOp);
