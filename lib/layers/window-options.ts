// Options and inputs of layers that work on images.
import { notAllowed, wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { type Pair, pairOf } from '../ops/window.js';
import { formatShape, type Shape } from '../tensor.js';

/** One number for all four sides, one for each axis, or two for each axis. */
export type Sides = number | Pair | readonly [vertical: Pair, horizontal: Pair];

/** How many rows above and below, and columns to the left and to the right. @throws CudaGanError `CUDA_GAN_VALUE` */
export function sidesOf(name: string, sides: Sides): readonly [rows: Pair, columns: Pair] {
  if (typeof sides === 'number' || (Array.isArray(sides) && sides.every((side) => typeof side === 'number'))) {
    const [vertical, horizontal] = pairOf(name, sides as number | Pair, 0);
    return [
      [vertical, vertical],
      [horizontal, horizontal],
    ];
  }
  if (Array.isArray(sides) && sides.length === 2) {
    return [pairOf(name, sides[0] as Pair, 0), pairOf(name, sides[1] as Pair, 0)];
  }
  throw notAllowed(name, sides, 'a whole number, two of them, and two pairs of them');
}

/** For layers of one axis: a number, alone or in an array. @throws CudaGanError `CUDA_GAN_VALUE` */
export function singleOf(name: string, value: number | readonly [number]): number {
  if (Array.isArray(value) && value.length === 1) return wholeNumber(name, value[0], 1);
  return wholeNumber(name, value as number, 1);
}

/** The channels of images [height, width, channels]. @internal @throws CudaGanError `CUDA_GAN_SHAPE` */
export function channelsOfImages(layer: string, inputShape: Shape): number {
  if (inputShape.length === 3) return inputShape[2]!;
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `${layer} needs images of [height, width, channels], found ${formatShape(inputShape)}`,
  );
}
