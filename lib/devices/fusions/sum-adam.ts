// sum over all axes but the last + adam, where the sum is the gradient of a bias → sumAdam.
import { sumOp } from '../../ops/sum.js';
import { sizeOf } from '../../tensor.js';
import { gradientAdam } from './gradient-adam.js';

/** Longer sums are better shared out, as `sum` does. */
const mostRows = 1024;

export const sumAdam = gradientAdam(sumOp, ({ inputs: [x], attributes }) => {
  const leading = x!.shape.slice(0, -1);
  const summed = (attributes.axes as readonly number[]).join() === [...leading.keys()].join();
  return leading.length > 0 && summed && sizeOf(leading) <= mostRows;
});
