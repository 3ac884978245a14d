// The box of x that starts at `begin`.
import { forEachIndex, type Kernel, positionOf, stridesOf } from './kernel.js';

export const slice: Kernel = ({ inputs: [x], outputs: [y], attributes }) => {
  const strides = stridesOf(x!.shape);
  const offset = positionOf(attributes.begin as readonly number[], strides);
  forEachIndex(y!.shape, (index, i) => {
    y!.data[i] = x!.data[offset + positionOf(index, strides)]!;
  });
};
