// Dimension i of y is dimension permutation[i] of x.
import { forEachIndex, type Kernel, positionOf, stridesOf } from './kernel.js';

export const transpose: Kernel = ({ inputs: [x], outputs: [y], attributes }) => {
  const own = stridesOf(x!.shape);
  const strides = (attributes.permutation as readonly number[]).map((axis) => own[axis]!);
  forEachIndex(y!.shape, (index, i) => {
    y!.data[i] = x!.data[positionOf(index, strides)]!;
  });
};
