// Max-pooling: the values of t at the places where the windows of x have their maxima. The first of several counts, in
// row-major order; what lies outside of x never does. Linear in t, and the pooling itself is that of x and x.
import { applyOne, type Op, requireInputs } from '../program/op.js';
import type { Value } from '../program/value.js';
import { maxPool2dGradient } from './max-pool2d-gradient.js';
import {
  type Pool2dGeometry,
  type Pool2dOptions,
  pool2dGeometry,
  requireImages,
  resizedShape,
} from './pool2d-geometry.js';
import { float32, requireFloat32, requireSameShape } from './shapes.js';

/** @internal */
export const maxPool2dOp: Op<Pool2dGeometry> = {
  name: 'maxPool2d',
  infer: ([x, t], { inputSize, outputSize }) => {
    requireImages('maxPool2d', x!, inputSize);
    requireFloat32('maxPool2d', t!);
    requireSameShape('maxPool2d', x!, t!);
    return [float32(resizedShape(x!, outputSize))];
  },
  gradient: ({ inputs: [x], attributes }, [dy]) => [undefined, maxPool2dGradient(x!, dy!, attributes)],
};

/** The largest element of every window of x [n, height, width, c], channel by channel. NaN where there is one. */
export function maxPool2d(x: Value, options?: Pool2dOptions): Value {
  requireInputs('maxPool2d', [x]);
  return maxPool2dSelect(x, x, pool2dGeometry('maxPool2d', x, options));
}

/** t, of x's shape, at the places of the maxima of x. @internal */
export function maxPool2dSelect(x: Value, t: Value, geometry: Pool2dGeometry): Value {
  return applyOne(maxPool2dOp, [x, t], geometry);
}
