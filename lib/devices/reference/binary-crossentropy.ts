// softplus(z) - t · z, element by element.
import { softplus } from './activation.js';
import { binary } from './binary.js';

export const binaryCrossentropy = binary((logit, target) => softplus(logit) - target * logit);
