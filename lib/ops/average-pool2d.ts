// Average-pooling: the mean of the elements of every window that exist.
import { applyOne, type Op, requireInputs } from '../program/op.js';
import type { Value } from '../program/value.js';
import { averagePool2dGradient } from './average-pool2d-gradient.js';
import {
  type Pool2dGeometry,
  type Pool2dOptions,
  pool2dGeometry,
  requireImages,
  resizedShape,
} from './pool2d-geometry.js';
import { float32 } from './shapes.js';

/** @internal */
export const averagePool2dOp: Op<Pool2dGeometry> = {
  name: 'averagePool2d',
  infer: ([x], { inputSize, outputSize }) => {
    requireImages('averagePool2d', x!, inputSize);
    return [float32(resizedShape(x!, outputSize))];
  },
  gradient: ({ attributes }, [dy]) => [averagePool2dGradient(dy!, attributes)],
};

/** The mean of every window of x [n, height, width, c], channel by channel. */
export function averagePool2d(x: Value, options?: Pool2dOptions): Value {
  requireInputs('averagePool2d', [x]);
  return averagePool2dAt(x, pool2dGeometry('averagePool2d', x, options));
}

/** The same where the geometry is known. @internal */
export function averagePool2dAt(x: Value, geometry: Pool2dGeometry): Value {
  return applyOne(averagePool2dOp, [x], geometry);
}
