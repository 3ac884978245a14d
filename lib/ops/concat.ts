// Joins tensors along one axis.
import { notAllowed } from '../checks.js';
import { applyOne, type Op, requireInputs } from '../program/op.js';
import type { Value } from '../program/value.js';
import { formatShape } from '../tensor.js';
import { normalizeAxes, requireDType, requireFloat32, shapeError } from './shapes.js';
import { slice } from './slice.js';

/** @internal */
export const concatOp: Op<{ axis: number }> = {
  name: 'concat',
  infer: (inputs, { axis }) => {
    const { shape, dtype } = inputs[0]!;
    if (dtype !== 'int32') requireFloat32('concat', ...inputs);
    for (const input of inputs) {
      requireDType('concat', input, dtype);
      if (input.shape.length !== shape.length || input.shape.some((d, i) => i !== axis && d !== shape[i])) {
        throw shapeError(`concat along axis ${axis} cannot join ${formatShape(shape)} and ${formatShape(input.shape)}`);
      }
    }
    const length = inputs.reduce((total, input) => total + input.shape[axis]!, 0);
    return [{ shape: shape.map((dimension, i) => (i === axis ? length : dimension)), dtype }];
  },
  gradient: ({ inputs, attributes: { axis } }, [dy]) => {
    let start = 0;
    return inputs.map(({ shape }) => {
      const begin = shape.map((_, i) => (i === axis ? start : 0));
      start += shape[axis]!;
      return slice(dy!, begin, shape);
    });
  },
};

/** `inputs`, one after the other along `axis`; a negative one counts from the end. Their other dimensions are alike. */
export function concat(inputs: readonly Value[], axis: number): Value {
  if (!Array.isArray(inputs)) throw notAllowed('concat: inputs', inputs, 'arrays of Values');
  if (inputs.length === 0) throw shapeError('concat needs at least one tensor');
  requireInputs('concat', inputs);
  const [resolved] = normalizeAxes('concat', [axis], inputs[0]!.shape.length);
  return applyOne(concatOp, inputs, { axis: resolved! });
}
