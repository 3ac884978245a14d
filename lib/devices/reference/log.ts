// ln x, element by element.
import { unary } from './kernel.js';

export const log = unary((x) => Math.log(x));
