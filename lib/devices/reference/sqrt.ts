// √x, element by element.
import { unary } from './kernel.js';

export const sqrt = unary((x) => Math.sqrt(x));
