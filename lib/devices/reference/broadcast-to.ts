// Repeats x along dimensions of length 1, and along new leading ones.
import { broadcastStrides } from './elementwise.js';
import { forEachIndex, type Kernel, positionOf } from './kernel.js';

export const broadcastTo: Kernel = ({ inputs: [x], outputs: [y] }) => {
  const strides = broadcastStrides(x!.shape, y!.shape);
  forEachIndex(y!.shape, (index, i) => {
    y!.data[i] = x!.data[positionOf(index, strides)]!;
  });
};
