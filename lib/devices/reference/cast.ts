// y = x, as a float.
import { elementwise } from './elementwise.js';
import type { Kernel } from './kernel.js';

export const cast: Kernel = elementwise((x) => x);
