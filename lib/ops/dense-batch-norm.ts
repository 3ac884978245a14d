// What fusion makes of a dense layer and the batch normalisation after it: h = f(x · kernel + bias), y = batchNorm(h).
import type { Op } from '../program/op.js';
import type { ActivationAttributes } from './activation.js';
import { type BatchNormAttributes, batchNormOp } from './batch-norm.js';
import { denseOp } from './dense.js';

/** Inputs x [n, in], kernel [in, out], bias, gamma, beta [out]; outputs h, y [n, out], mean and variance [out] of h. */
export const denseBatchNormOp: Op<ActivationAttributes & BatchNormAttributes> = {
  name: 'denseBatchNorm',
  infer: ([x, kernel, bias, gamma, beta], attributes) => {
    const [h] = denseOp.infer([x!, kernel!, bias!], attributes);
    return [h!, ...batchNormOp.infer([h!, gamma!, beta!], attributes)];
  },
};
