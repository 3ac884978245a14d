// y[n, i, j] = x[n, i - rows, j - columns] by the offsets (rows, columns) of image n, or by their opposites; 0 outside.
import type { Translate2dAttributes } from '../../ops/translate2d.js';
import { forEachIndex, type Kernel, positionOf, stridesOf } from './kernel.js';

export const translate2d: Kernel = ({ inputs: [x, offsets], outputs: [y], attributes }) => {
  const sign = (attributes as Translate2dAttributes).back ? -1 : 1;
  const [, height, width] = x!.shape as readonly [number, number, number, number];
  const strides = stridesOf(x!.shape);
  forEachIndex(y!.shape, (index, position) => {
    const [n, i, j, c] = index as readonly [number, number, number, number];
    const row = i - sign * offsets!.data[2 * n]!;
    const column = j - sign * offsets!.data[2 * n + 1]!;
    const inside = row >= 0 && row < height && column >= 0 && column < width;
    y!.data[position] = inside ? x!.data[positionOf([n, row, column, c], strides)]! : 0;
  });
};
