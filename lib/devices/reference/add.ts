// a + b, with broadcasting.
import { binary } from './binary.js';

export const add = binary((a, b) => a + b);
