// y[.., i, ..] = x[.., length - 1 - i, ..] along some axes.
import { forEachIndex, type Kernel, positionOf, stridesOf } from './kernel.js';

export const reverse: Kernel = ({ inputs: [x], outputs: [y], attributes }) => {
  const axes = attributes.axes as readonly number[];
  const strides = stridesOf(x!.shape);
  forEachIndex(y!.shape, (index, position) => {
    const source = index.map((i, axis) => (axes.includes(axis) ? x!.shape[axis]! - 1 - i : i));
    y!.data[position] = x!.data[positionOf(source, strides)]!;
  });
};
