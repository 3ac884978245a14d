// a / b, with broadcasting.
import { binary } from './binary.js';

export const divide = binary((a, b) => a / b);
