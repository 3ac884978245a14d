// a · b, with broadcasting.
import { binary } from './binary.js';

export const multiply = binary((a, b) => a * b);
