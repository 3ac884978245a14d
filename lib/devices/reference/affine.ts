// scale · x + offset.
import { elementwise } from './elementwise.js';
import type { Kernel } from './kernel.js';

export const affine: Kernel = (call) => {
  const { scale, offset } = call.attributes as { scale: number; offset: number };
  elementwise((x) => scale * x + offset)(call);
};
