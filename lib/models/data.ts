// Training data: checked, and brought to the device once.
import { CudaGanError } from '../errors.js';
import { Variable } from '../program/variable.js';
import {
  dtypeOf,
  firstNonFinite,
  formatShape,
  requireTensor,
  type Shape,
  sameShape,
  sizeOf,
  type Tensor,
} from '../tensor.js';

/** Samples x, and targets y unless only predictions are wanted. */
export interface DataSet {
  readonly rows: number;
  readonly x: Tensor;
  readonly y: Tensor | undefined;
}

/**
 * Checks that samples and targets fit a model.
 * @param classes Number of classes when targets are class numbers; undefined when they have the output's shape.
 */
export function requireData(
  x: Tensor,
  y: Tensor | undefined,
  inputShape: Shape,
  outputShape: Shape,
  classes: number | undefined,
): DataSet {
  const samples = requireSamples('x', asFloats(requireTensor('x', x)), inputShape);
  const rows = samples.shape[0]!;
  if (y === undefined) return { rows, x: samples, y };
  const given = requireTensor('y', y);
  const targets =
    classes === undefined
      ? requireSamples('y', asFloats(given), outputShape)
      : requireClasses(given, outputShape, classes);
  if (targets.shape[0] !== rows) {
    throw new CudaGanError('CUDA_GAN_SHAPE', `x has ${rows} samples, y has ${targets.shape[0]}: each x needs its y`);
  }
  return { rows, x: samples, y: targets };
}

/** Rows [begin, end) of a data set. */
export function rowsOf(tensorOfRows: Tensor, begin: number, end: number): Tensor {
  const size = sizeOf(tensorOfRows.shape.slice(1));
  return {
    shape: [end - begin, ...tensorOfRows.shape.slice(1)],
    data: tensorOfRows.data.subarray(begin * size, end * size),
  };
}

/** A Variable that holds a tensor's data. */
export function dataVariable(name: string, { shape, data }: Tensor): Variable {
  return new Variable({ name, shape, dtype: dtypeOf(data), initial: () => data });
}

/** Checks shape and numbers of [n, ...sampleShape]. A last axis of length 1 may be missing, as in Keras. */
export function requireSamples(name: string, { shape: found, data }: Tensor, sampleShape: Shape): Tensor {
  const wanted = [found[0] ?? 0, ...sampleShape];
  const shape = sampleShape.at(-1) === 1 && sameShape(found, wanted.slice(0, -1)) ? wanted : found;
  if (!sameShape(shape, wanted)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `${name} has shape ${formatShape(shape)}; wanted is [${['n', ...sampleShape].join(', ')}]`,
    );
  }
  if (shape[0] === 0) throw new CudaGanError('CUDA_GAN_DATA', `${name} has no samples`);
  const wrong = firstNonFinite(data);
  if (wrong >= 0) {
    const row = Math.floor(wrong / sizeOf(sampleShape));
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      `${name} contains ${data[wrong]} in sample ${row}; all numbers must be finite`,
    );
  }
  return { shape, data };
}

/** Class numbers [n, ...] as int32. They may be float32, as `tensor([0, 2, 1])` is, and have an axis of length 1 at the end. */
function requireClasses({ shape, data }: Tensor, outputShape: Shape, classes: number): Tensor {
  const perSample = outputShape.slice(0, -1);
  const column = shape.length === perSample.length + 2 && shape.at(-1) === 1;
  const wrong = data.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (wrong >= 0) {
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      `y contains the class ${data[wrong]} at index ${wrong}; the model's output has classes 0 to ${classes - 1}`,
    );
  }
  const labels = dtypeOf(data) === 'int32' ? data : Int32Array.from(data);
  return requireSamples('y', { shape: column ? shape.slice(0, -1) : shape, data: labels }, perSample);
}

/** Devices gather rows of uint8 and float32. */
function asFloats(found: Tensor): Tensor {
  return dtypeOf(found.data) === 'int32' ? { ...found, data: Float32Array.from(found.data) } : found;
}
