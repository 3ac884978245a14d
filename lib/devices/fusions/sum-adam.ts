// sum over all axes but the last + adam, where the sum is the gradient of a bias → sumAdam.
import { sumOp } from '../../ops/sum.js';
import { sizeOf } from '../../tensor.js';
import { gradientAdam } from './gradient-adam.js';

const ofRows = (most: number) =>
  gradientAdam(sumOp, ({ inputs: [x], attributes }) => {
    const leading = x!.shape.slice(0, -1);
    const summed = (attributes.axes as readonly number[]).join() === [...leading.keys()].join();
    return leading.length > 0 && summed && sizeOf(leading) <= most;
  });

export const sumAdam = ofRows(Number.POSITIVE_INFINITY);

/** Where the kernel does not share out long sums, as that of `sum` does. */
export const sumAdamOfFew = ofRows(1024);
