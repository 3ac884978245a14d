// |x|, element by element.
import { unary } from './kernel.js';

export const abs = unary((x) => Math.abs(x));
