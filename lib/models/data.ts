// Training data: checked, and brought to the device once.
import { CudaGanError } from '../errors.js';
import { Variable } from '../program/variable.js';
import { dtypeOf, formatShape, type Shape, sameShape, sizeOf, type Tensor, tensor } from '../tensor.js';

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
  requireTensor('y', y);
  const targets = classes === undefined ? requireTargets(y, outputShape) : requireClasses(y, outputShape, classes);
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

/** Checks shape and numbers of [n, ...sampleShape]. */
export function requireSamples(name: string, found: Tensor, sampleShape: Shape): Tensor {
  const { shape, data } = tensor(found.data, found.shape);
  if (shape.length === 0 || !sameShape(shape.slice(1), sampleShape)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `${name} has shape ${formatShape(shape)}; wanted is [${['n', ...sampleShape].join(', ')}]`,
    );
  }
  if (shape[0] === 0) throw new CudaGanError('CUDA_GAN_DATA', `${name} has no samples`);
  const wrong = data instanceof Float32Array ? data.findIndex((value) => !Number.isFinite(value)) : -1;
  if (wrong >= 0) {
    const row = Math.floor(wrong / sizeOf(sampleShape));
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      `${name} contains ${data[wrong]} in sample ${row}; all numbers must be finite`,
    );
  }
  return { shape, data };
}

/** Callers without types may hand over arrays. */
function requireTensor(name: string, found: Tensor): Tensor {
  if (ArrayBuffer.isView(found?.data) && Array.isArray(found.shape)) return found;
  throw new CudaGanError('CUDA_GAN_DATA', `${name} is not a tensor; make one by tensor(data, shape)`);
}

function requireTargets(y: Tensor, outputShape: Shape): Tensor {
  // [n] stands for [n, 1], as in Keras.
  const column = y.shape.length === 1 && sameShape(outputShape, [1]);
  return requireSamples('y', asFloats(column ? { ...y, shape: [...y.shape, 1] } : y), outputShape);
}

function requireClasses(y: Tensor, outputShape: Shape, classes: number): Tensor {
  const perSample = outputShape.slice(0, -1);
  const column = y.shape.length === perSample.length + 2 && y.shape.at(-1) === 1;
  const data = y.data instanceof Uint8Array ? Int32Array.from(y.data) : y.data;
  if (!(data instanceof Int32Array)) {
    throw new CudaGanError('CUDA_GAN_DATA', 'y holds float32; class numbers must be an Int32Array or Uint8Array');
  }
  const wrong = data.findIndex((label) => label < 0 || label >= classes);
  if (wrong >= 0) {
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      `y contains the class ${data[wrong]} at index ${wrong}; the model's output has classes 0 to ${classes - 1}`,
    );
  }
  return requireSamples('y', { shape: column ? y.shape.slice(0, -1) : y.shape, data }, perSample);
}

/** Devices gather rows of uint8 and float32. */
function asFloats(found: Tensor): Tensor {
  return found.data instanceof Int32Array ? { ...found, data: Float32Array.from(found.data) } : found;
}
