// y += x · kernel over all places and channels that a convolution brings together.
import type { Conv2dGeometry } from '../../ops/conv2d-geometry.js';
import type { Shape } from '../../tensor.js';
import type { Kernel } from './kernel.js';

export const conv2d: Kernel = ({ inputs: [x, kernel], outputs: [y], attributes }) => {
  y!.data.fill(0);
  forEachProduct(attributes as Conv2dGeometry, x!.shape, y!.shape, (xAt, kernelAt, yAt) => {
    y!.data[yAt]! += x!.data[xAt]! * kernel!.data[kernelAt]!;
  });
};

/** Calls `visit` with the positions in x, kernel and y of every product of the convolution of x. */
export function forEachProduct(
  { inputSize, outputSize, kernelSize, strides, dilations, padding, groups }: Conv2dGeometry,
  [batch, , , inputs]: Shape,
  [, , , outputs]: Shape,
  visit: (xAt: number, kernelAt: number, yAt: number) => void,
): void {
  const [groupInputs, groupOutputs] = [inputs! / groups, outputs! / groups];
  for (let n = 0; n < batch!; n++) {
    for (const [oy, ky, iy] of meetings(0)) {
      for (const [ox, kx, ix] of meetings(1)) {
        const xAt = ((n * inputSize[0] + iy) * inputSize[1] + ix) * inputs!;
        const yAt = ((n * outputSize[0] + oy) * outputSize[1] + ox) * outputs!;
        const kernelAt = (ky * kernelSize[1] + kx) * groupInputs;
        for (let o = 0; o < outputs!; o++) {
          const first = Math.floor(o / groupOutputs) * groupInputs;
          for (let i = 0; i < groupInputs; i++) visit(xAt + first + i, (kernelAt + i) * outputs! + o, yAt + o);
        }
      }
    }
  }

  /** Along one axis: output, kernel and input places that meet. */
  function meetings(axis: 0 | 1): [output: number, kernel: number, input: number][] {
    const found: [number, number, number][] = [];
    for (let o = 0; o < outputSize[axis]; o++) {
      for (let k = 0; k < kernelSize[axis]; k++) {
        const i = o * strides[axis] - padding[axis] + k * dilations[axis];
        if (i >= 0 && i < inputSize[axis]) found.push([o, k, i]);
      }
    }
    return found;
  }
}
