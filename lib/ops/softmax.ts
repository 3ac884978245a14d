// Softmax over the last axis: y = e^(x - max) / Σ e^(x - max).
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { multiply, subtract } from './binary.js';
import { reshape } from './reshape.js';
import { inferLike, shapeError } from './shapes.js';
import { sum } from './sum.js';

/** @internal */
export const softmaxOp: Op = {
  name: 'softmax',
  infer: ([x]) => {
    if (x!.shape.length === 0) throw shapeError('softmax needs at least 1 dimension, found []');
    return inferLike('softmax', x!);
  },
  gradient: ({ outputs: [y] }, [dy]) => {
    const total = sum(multiply(dy!, y!), [-1]);
    return [multiply(y!, subtract(dy!, reshape(total, [...total.shape, 1])))];
  },
};

/** exp(x) / Σ exp(x) along the last axis. */
export function softmax(x: Value): Value {
  return applyOne(softmaxOp, [x], {});
}
