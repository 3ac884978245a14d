// The adjoint of max-pooling: every element of dy is added to the place of its window's maximum.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { maxPool2dSelect } from './max-pool2d.js';
import { type Pool2dGeometry, requireImages } from './pool2d-geometry.js';
import { float32 } from './shapes.js';

/** @internal */
export const maxPool2dGradientOp: Op<Pool2dGeometry> = {
  name: 'maxPool2dGradient',
  infer: ([x, dy], { inputSize, outputSize }) => {
    requireImages('maxPool2dGradient', x!, inputSize);
    requireImages('maxPool2dGradient', dy!, outputSize);
    return [float32(x!.shape)];
  },
  gradient: ({ inputs: [x], attributes }, [ddx]) => [undefined, maxPool2dSelect(x!, ddx!, attributes)],
};

/** x [n, height, width, c] and dy of the pooled shape. Result of x's shape. */
export function maxPool2dGradient(x: Value, dy: Value, geometry: Pool2dGeometry): Value {
  return applyOne(maxPool2dGradientOp, [x, dy], geometry);
}
