// v ← v + weight · (x - v), from the nearer end.
import type { Kernel } from './kernel.js';

export const lerp: Kernel = ({ inputs: [, x, weight], outputs: [v] }) => {
  const share = weight!.data[0]!;
  x!.data.forEach((to, i) => {
    const from = v!.data[i]!;
    v!.data[i] = share < 0.5 ? from + share * (to - from) : to - (1 - share) * (to - from);
  });
};
