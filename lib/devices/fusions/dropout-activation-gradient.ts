// dropout + activationGradient, the gradient of a dropout after an activation → dropoutActivationGradient: inputs dy and y, of as many
// elements; output dx = dropout(dy) · f'(y).
import { dropoutOp } from '../../ops/dropout.js';
import { withActivationGradient } from './activation-gradient-after.js';

export const dropoutActivationGradient = withActivationGradient(dropoutOp, { mayReshape: true });
