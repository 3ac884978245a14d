// scale · x + offset.
import { type Kernel, unary } from './kernel.js';

export const affine: Kernel = (call) => {
  const { scale, offset } = call.attributes as { scale: number; offset: number };
  unary((x) => scale * x + offset)(call);
};
