// -1, 0 or 1, element by element.
import { unary } from './kernel.js';

export const sign = unary((x) => Math.sign(x));
