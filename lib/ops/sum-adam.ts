// Adam whose gradient is a sum over all axes but the last: what fusion makes of the two for biases.
import type { Op } from '../program/op.js';
import { sameShape } from '../tensor.js';
import { type AdamAttributes, adamOp } from './adam.js';
import { float32, requireDType, shapeError } from './shapes.js';

/** Inputs p, m, v [c], x [.., c], t (int32 scalar, already counting this update), learning rate (scalar). */
export const sumAdamOp: Op<AdamAttributes> = {
  name: 'sumAdam',
  updates: 3,
  infer: ([p, m, v, x, t, learningRate], attributes) => {
    requireDType('sumAdam', x!, 'float32');
    const channels = x!.shape.slice(-1);
    if (!sameShape(p!.shape, channels)) throw shapeError('sumAdam: p and the last axis of x differ');
    return adamOp.infer([p!, m!, v!, float32(channels), t!, learningRate!], attributes);
  },
};
