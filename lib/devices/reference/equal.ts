// a = b as 1 or 0, with broadcasting.
import { binary } from './binary.js';

export const equal = binary((a, b) => (a === b ? 1 : 0));
