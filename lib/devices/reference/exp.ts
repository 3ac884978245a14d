// eˣ, element by element.
import { unary } from './kernel.js';

export const exp = unary((x) => Math.exp(x));
