// Joins tensors along one axis.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { formatShape } from '../tensor.js';
import { float32, normalizeAxes, requireDType, shapeError } from './shapes.js';
import { slice } from './slice.js';

/** @internal */
export const concatOp: Op<{ axis: number }> = {
  name: 'concat',
  infer: (inputs, { axis }) => {
    const { shape } = inputs[0]!;
    for (const input of inputs) {
      requireDType('concat', input, 'float32');
      if (input.shape.length !== shape.length || input.shape.some((d, i) => i !== axis && d !== shape[i])) {
        throw shapeError(`concat along axis ${axis} cannot join ${formatShape(shape)} and ${formatShape(input.shape)}`);
      }
    }
    const length = inputs.reduce((total, input) => total + input.shape[axis]!, 0);
    return [float32(shape.map((dimension, i) => (i === axis ? length : dimension)))];
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

export function concat(inputs: readonly Value[], axis: number): Value {
  if (inputs.length === 0) throw shapeError('concat needs at least one tensor');
  const [resolved] = normalizeAxes('concat', [axis], inputs[0]!.shape.length);
  return applyOne(concatOp, inputs, { axis: resolved! });
}
