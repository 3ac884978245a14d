// sum over all axes but the last + adam, where the sum is the gradient → sumAdam.
import { adamOp } from '../../ops/adam.js';
import { sumOp } from '../../ops/sum.js';
import { sumAdamOp } from '../../ops/sum-adam.js';
import { sizeOf } from '../../tensor.js';
import type { Node } from '../value.js';
import type { Fusion } from './fusion.js';

/** Longer sums are better shared out, as `sum` does. */
const mostRows = 1024;

export const sumAdam: Fusion = (sum, { onlyReader }) => {
  if (sum.op.name !== sumOp.name) return undefined;
  const x = sum.inputs[0]!;
  const gradient = sum.outputs[0]!;
  const axes = sum.attributes.axes as readonly number[];
  const leading = x.shape.slice(0, -1);
  if (leading.length === 0 || axes.join() !== [...leading.keys()].join() || sizeOf(leading) > mostRows)
    return undefined;
  const adam = onlyReader(gradient);
  if (adam?.op.name !== adamOp.name || adam.inputs[3] !== gradient) return undefined;
  const [p, m, v, , t, learningRate] = adam.inputs;
  return {
    links: [sum, adam],
    fused: {
      id: adam.id,
      op: sumAdamOp as unknown as Node['op'],
      inputs: [p!, m!, v!, x, t!, learningRate!],
      attributes: adam.attributes,
      outputs: adam.outputs,
    },
  };
};
