// What the kernels of pooling share.
import type { Pool2dGeometry } from '../../ops/pool2d-geometry.js';
import type { Shape } from '../../tensor.js';

/** Calls `visit` with every output's position and those of the elements of its window that exist, in row-major order. */
export function forEachWindow(
  { inputSize, outputSize, windowSize, strides, padding }: Pool2dGeometry,
  [batch, , , channels]: Shape,
  visit: (window: readonly number[], output: number) => void,
): void {
  const placesOf = (axis: 0 | 1, output: number) => {
    const begin = output * strides[axis] - padding[axis];
    const [first, end] = [Math.max(begin, 0), Math.min(begin + windowSize[axis], inputSize[axis])];
    return Array.from({ length: Math.max(end - first, 0) }, (_, i) => first + i);
  };
  for (let n = 0; n < batch!; n++) {
    for (let oy = 0; oy < outputSize[0]; oy++) {
      for (let ox = 0; ox < outputSize[1]; ox++) {
        const places = placesOf(0, oy).flatMap((iy) =>
          placesOf(1, ox).map((ix) => ((n * inputSize[0] + iy) * inputSize[1] + ix) * channels!),
        );
        const output = ((n * outputSize[0] + oy) * outputSize[1] + ox) * channels!;
        for (let c = 0; c < channels!; c++) {
          visit(
            places.map((place) => place + c),
            output + c,
          );
        }
      }
    }
  }
}
