// a - b, with broadcasting.
import { binary } from './binary.js';

export const subtract = binary((a, b) => a - b);
