// Permutes dimensions: y[i_perm] = x[i].
import { wholeNumbers } from '../checks.js';
import { applyOne, type Op, requireInputs } from '../program/op.js';
import type { Value } from '../program/value.js';
import { formatShape } from '../tensor.js';
import { float32, requireFloat32, shapeError } from './shapes.js';

/** @internal */
export const transposeOp: Op<{ permutation: readonly number[] }> = {
  name: 'transpose',
  infer: ([x], { permutation }) => {
    requireFloat32('transpose', x!);
    wholeNumbers('transpose: permutation', permutation, 0);
    const { shape } = x!;
    if (permutation.length !== shape.length || shape.some((_, i) => !permutation.includes(i))) {
      throw shapeError(
        `transpose: [${permutation.join(', ')}] does not permute the dimensions of ${formatShape(shape)}`,
      );
    }
    return [float32(permutation.map((axis) => shape[axis]!))];
  },
  gradient: ({ attributes: { permutation } }, [dy]) => [
    transpose(
      dy!,
      permutation.map((_, i) => permutation.indexOf(i)),
    ),
  ],
};

/** Dimension `i` of the result is dimension `permutation[i]` of `x`. Default: reversed. */
export function transpose(x: Value, permutation?: readonly number[]): Value {
  requireInputs('transpose', [x]);
  return applyOne(transposeOp, [x], { permutation: permutation ?? [...x.shape.keys()].reverse() });
}
