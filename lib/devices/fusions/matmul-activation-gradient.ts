// matmul + activationGradient, where the product is dy → matmulActivationGradient: inputs a, b and y, of the product's
// shape; output dx = (a · b) · f'(y).
import { matmulOp } from '../../ops/matmul.js';
import { withActivationGradient } from './activation-gradient-after.js';

export const matmulActivationGradient = withActivationGradient(matmulOp);
