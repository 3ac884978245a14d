// dkernel += x · dy over all places and channels that the convolution of x brings together.
import type { Conv2dGeometry } from '../../ops/conv2d-geometry.js';
import { forEachProduct } from './conv2d.js';
import type { Kernel } from './kernel.js';

export const conv2dKernelGradient: Kernel = ({ inputs: [x, dy], outputs: [dkernel], attributes }) => {
  dkernel!.data.fill(0);
  forEachProduct(attributes as Conv2dGeometry, x!.shape, dy!.shape, (xAt, kernelAt, yAt) => {
    dkernel!.data[kernelAt]! += x!.data[xAt]! * dy!.data[yAt]!;
  });
};
