// y = f(x · kernel + bias): what fusion makes of matmul, add and activation. x [n, in], kernel [in, out], bias [out].
import { differentiateParts } from '../program/decompose.js';
import type { Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { formatShape } from '../tensor.js';
import { type ActivationAttributes, activation } from './activation.js';
import { add } from './add.js';
import { matmul, matmulOp } from './matmul.js';
import { shapeError } from './shapes.js';

export const denseOp: Op<ActivationAttributes> = {
  name: 'dense',
  infer: ([x, kernel, bias]) => {
    const [y] = matmulOp.infer([x!, kernel!], { transposeA: false, transposeB: false });
    if (bias!.shape.length !== 1 || bias!.shape[0] !== y!.shape[1]) {
      throw shapeError(`dense: bias ${formatShape(bias!.shape)} does not fit kernel ${formatShape(kernel!.shape)}`);
    }
    return [y!];
  },
  gradient: (node, outputGradients) =>
    differentiateParts(node, outputGradients, ([x, kernel, bias]) => [denseParts(x!, kernel!, bias!, node.attributes)]),
};

/** The ops that `dense` stands for. */
export function denseParts(x: Value, kernel: Value, bias: Value, { kind, alpha }: ActivationAttributes): Value {
  return activation(add(matmul(x, kernel), bias), kind, alpha);
}
