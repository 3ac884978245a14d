// Adam whose gradient is a matrix product: what fusion makes of the two, so that the gradient of a kernel never goes
// through memory. p, m, v [m, n]; gradient = a [m, k] · b [k, n], either operand optionally transposed.
import type { Op } from '../program/op.js';
import { type AdamAttributes, adamOp } from './adam.js';
import { type MatmulAttributes, matmulOp } from './matmul.js';

/** Inputs p, m, v, a, b, t (int32 scalar, already counting this update), learning rate (scalar). */
export const matmulAdamOp: Op<MatmulAttributes & AdamAttributes> = {
  name: 'matmulAdam',
  updates: 3,
  infer: ([p, m, v, a, b, t, learningRate], attributes) => {
    const [gradient] = matmulOp.infer([a!, b!], attributes);
    return adamOp.infer([p!, m!, v!, gradient!, t!, learningRate!], attributes);
  },
};
