// The adjoint of average-pooling: every element of dy is shared out among the elements of its window.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { averagePool2dAt } from './average-pool2d.js';
import { type Pool2dGeometry, requireImages, resizedShape } from './pool2d-geometry.js';
import { float32 } from './shapes.js';

/** @internal */
export const averagePool2dGradientOp: Op<Pool2dGeometry> = {
  name: 'averagePool2dGradient',
  infer: ([dy], { inputSize, outputSize }) => {
    requireImages('averagePool2dGradient', dy!, outputSize);
    return [float32(resizedShape(dy!, inputSize))];
  },
  gradient: ({ attributes }, [ddx]) => [averagePool2dAt(ddx!, attributes)],
};

/** dy [n, height, width, c] of the pooled size. Result of the size before the pooling. */
export function averagePool2dGradient(dy: Value, geometry: Pool2dGeometry): Value {
  return applyOne(averagePool2dGradientOp, [dy], geometry);
}
