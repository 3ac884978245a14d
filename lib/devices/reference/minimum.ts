// min(a, b), with broadcasting.
import { binary } from './binary.js';

export const minimum = binary((a, b) => Math.min(a, b));
