// What functions of the user's own return, that a program is made of.
import { inWords } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { formatShape, type Shape, sameShape } from '../tensor.js';
import { Value } from './value.js';

/**
 * `value` if it is a float32 Value of that shape. `what` names the function.
 * @throws CudaGanError `CUDA_GAN_VALUE` for what is none, `CUDA_GAN_SHAPE` for another shape.
 */
export function requireReturned(what: string, value: Value, shape: Shape): Value {
  const wanted = shape.length === 0 ? 'a scalar' : `a Value of ${formatShape(shape)}`;
  if (!(value instanceof Value) || value.dtype !== 'float32') {
    const found = value instanceof Value ? value.dtype : inWords(value);
    throw new CudaGanError('CUDA_GAN_VALUE', `${what} returned ${found}; wanted is ${wanted}`);
  }
  if (sameShape(value.shape, shape)) return value;
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `${what} returned a Value of ${formatShape(value.shape)}; wanted is ${wanted}`,
  );
}
