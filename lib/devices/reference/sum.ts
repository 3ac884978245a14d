// Sums over axes.
import { forEachIndex, type Kernel, positionOf, stridesOf } from './kernel.js';

export const sum: Kernel = ({ inputs: [x], outputs: [y], attributes }) => {
  const axes = attributes.axes as readonly number[];
  const kept = stridesOf(y!.shape);
  let next = 0;
  const strides = x!.shape.map((_, axis) => (axes.includes(axis) ? 0 : kept[next++]!));
  y!.data.fill(0);
  forEachIndex(x!.shape, (index, i) => {
    y!.data[positionOf(index, strides)]! += x!.data[i]!;
  });
};
