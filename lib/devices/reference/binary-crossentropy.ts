// softplus(z) - t · z, element by element.
import { softplus } from './activation.js';
import { broadcasting } from './elementwise.js';

export const binaryCrossentropy = broadcasting((logit, target) => softplus(logit) - target * logit);
