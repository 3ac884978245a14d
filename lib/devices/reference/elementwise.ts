// What the element-wise kernels share.
import type { Shape } from '../../tensor.js';
import { forEachIndex, type Kernel, positionOf, stridesOf } from './kernel.js';

/** y = f(x), element by element. */
export function elementwise(f: (x: number) => number): Kernel {
  return ({ inputs: [x], outputs: [y] }) => {
    for (let i = 0; i < y!.data.length; i++) y!.data[i] = f(x!.data[i]!);
  };
}

/** y = f(a, b) with NumPy's broadcasting. */
export function broadcasting(f: (a: number, b: number) => number): Kernel {
  return ({ inputs: [a, b], outputs: [y] }) => {
    const aStrides = broadcastStrides(a!.shape, y!.shape);
    const bStrides = broadcastStrides(b!.shape, y!.shape);
    forEachIndex(y!.shape, (index, i) => {
      y!.data[i] = f(a!.data[positionOf(index, aStrides)]!, b!.data[positionOf(index, bStrides)]!);
    });
  };
}

/** Strides by which a tensor of `shape` is read under `target`: 0 where it repeats. */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const strides = stridesOf(shape);
  return target.map((_, i) => {
    const axis = i - target.length + shape.length;
    return axis < 0 || shape[axis] === 1 ? 0 : strides[axis]!;
  });
}
