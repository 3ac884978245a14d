// max(a, b), with broadcasting.
import { binary } from './binary.js';

export const maximum = binary((a, b) => Math.max(a, b));
