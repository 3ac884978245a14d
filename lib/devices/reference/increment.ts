// counter ← counter + 1.
import type { Kernel } from './kernel.js';

export const increment: Kernel = ({ outputs: [counter] }) => {
  counter!.data.forEach((value, i) => {
    counter!.data[i] = value + 1;
  });
};
