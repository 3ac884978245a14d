// variable ← value.
import type { Kernel } from './kernel.js';

export const assign: Kernel = ({ inputs: [, value], outputs: [variable] }) => variable!.data.set(value!.data);
