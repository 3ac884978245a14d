// Joins the inputs along one axis.
import { forEachIndex, type Kernel, positionOf, stridesOf } from './kernel.js';

export const concat: Kernel = ({ inputs, outputs: [y], attributes }) => {
  const axis = attributes.axis as number;
  const strides = stridesOf(y!.shape);
  let start = 0;
  for (const x of inputs) {
    const offset = start * strides[axis]!;
    forEachIndex(x.shape, (index, i) => {
      y!.data[offset + positionOf(index, strides)] = x.data[i]!;
    });
    start += x.shape[axis]!;
  }
};
