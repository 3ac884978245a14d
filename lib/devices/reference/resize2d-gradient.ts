// The adjoint of resize2d.
import type { Resize2dAttributes } from '../../ops/resize2d.js';
import type { Kernel } from './kernel.js';
import { forEachMix } from './resize2d.js';

export const resize2dGradient: Kernel = ({ inputs: [dy], outputs: [dx], attributes }) => {
  dx!.data.fill(0);
  forEachMix(attributes as Resize2dAttributes, dx!.shape, (xAt, yAt, weight) => {
    dx!.data[xAt]! += dy!.data[yAt]! * weight;
  });
};
