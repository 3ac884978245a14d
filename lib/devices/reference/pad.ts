// x at position `before` in a tensor of zeros.
import { forEachIndex, type Kernel, positionOf, stridesOf } from './kernel.js';

export const pad: Kernel = ({ inputs: [x], outputs: [y], attributes }) => {
  const strides = stridesOf(y!.shape);
  const offset = positionOf(attributes.before as readonly number[], strides);
  y!.data.fill(0);
  forEachIndex(x!.shape, (index, i) => {
    y!.data[offset + positionOf(index, strides)] = x!.data[i]!;
  });
};
