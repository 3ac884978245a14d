// Class numbers as rows of zeros with a one: y[i, labels[i]] = 1.
import { wholeNumber } from '../checks.js';
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { float32, requireDType } from './shapes.js';

/** @internal */
export const oneHotOp: Op<{ classes: number }> = {
  name: 'oneHot',
  infer: ([labels], { classes }) => {
    requireDType('oneHot', labels!, 'int32');
    wholeNumber('oneHot: classes', classes, 1);
    return [float32([...labels!.shape, classes])];
  },
};

/** labels int32 [..]; a label outside [0, classes) yields a row of zeros. Result [.., classes]. */
export function oneHot(labels: Value, classes: number): Value {
  return applyOne(oneHotOp, [labels], { classes });
}
