// dx += dy · kernel over all places and channels that the convolution of x brings together.
import type { Conv2dGeometry } from '../../ops/conv2d-geometry.js';
import { forEachProduct } from './conv2d.js';
import type { Kernel } from './kernel.js';

export const conv2dInputGradient: Kernel = ({ inputs: [dy, kernel], outputs: [dx], attributes }) => {
  dx!.data.fill(0);
  forEachProduct(attributes as Conv2dGeometry, dx!.shape, dy!.shape, (xAt, kernelAt, yAt) => {
    dx!.data[xAt]! += dy!.data[yAt]! * kernel!.data[kernelAt]!;
  });
};
