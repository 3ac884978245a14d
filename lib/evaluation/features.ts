// What figures are made of: rows of features, class probabilities and class numbers, checked.
import { inWords } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { firstNonFinite, formatShape, requireTensor, type Tensor, type TypedArray } from '../tensor.js';

/** `count` rows of `dimension` numbers. */
export interface Rows {
  readonly count: number;
  readonly dimension: number;
  readonly data: TypedArray;
}

/**
 * Rows [n, dimension] of finite numbers.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for another shape, `CUDA_GAN_DATA` for numbers that are not finite.
 */
export function requireRows(name: string, given: Tensor): Rows {
  const { shape, data } = requireTensor(name, given);
  if (shape.length !== 2 || shape[1] === 0) {
    throw new CudaGanError('CUDA_GAN_SHAPE', `${name} has shape ${formatShape(shape)}; wanted is [n, features]`);
  }
  const [count, dimension] = shape as [number, number];
  requireFinite(name, data, dimension);
  return { count, dimension, data };
}

/** Samples of any shape as rows: [n, ...] becomes [n, dimension]. @throws CudaGanError as `requireRows`. */
export function requireFlatRows(name: string, given: Tensor): Rows {
  const { shape, data } = requireTensor(name, given);
  const count = shape[0] ?? 0;
  if (shape.length < 2 || data.length === 0) {
    throw new CudaGanError('CUDA_GAN_SHAPE', `${name} has shape ${formatShape(shape)}; wanted is [n, ...sample]`);
  }
  const dimension = data.length / count;
  requireFinite(name, data, dimension);
  return { count, dimension, data };
}

/** @throws CudaGanError `CUDA_GAN_SHAPE` unless both have as many numbers a row. */
export function requireSameDimension(samples: Rows, reference: Rows): void {
  if (samples.dimension === reference.dimension) return;
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `samples has ${samples.dimension} numbers a sample, reference has ${reference.dimension}: they must be alike`,
  );
}

/** @throws CudaGanError `CUDA_GAN_DATA` for fewer rows than `figure` can be computed of. */
export function requireCount(name: string, count: number, least: number, figure: string): void {
  if (count >= least) return;
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `${name} has ${count} ${count === 1 ? 'sample' : 'samples'}; ${figure} needs at least ${least}`,
  );
}

/** How far a row of probabilities may be from a sum of 1. */
const sumTolerance = 1e-3;

/**
 * Probabilities [n, classes], at least two classes: rows of numbers from 0 on that add up to 1.
 * @throws CudaGanError `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for others.
 */
export function requireProbabilities(name: string, given: Tensor): Rows {
  const rows = requireRows(name, given);
  const { count, dimension, data } = rows;
  if (dimension < 2) {
    throw new CudaGanError('CUDA_GAN_SHAPE', `${name} has ${dimension} class; wanted are probabilities of two or more`);
  }
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let j = 0; j < dimension; j++) {
      const value = data[i * dimension + j]!;
      if (value < 0) throw wrongRow(name, i, `contains ${value}`);
      sum += value;
    }
    if (Math.abs(sum - 1) > sumTolerance) throw wrongRow(name, i, `adds up to ${sum}`);
  }
  return rows;
}

/**
 * Class numbers [n] below `classes`.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for another shape, `CUDA_GAN_DATA` for numbers that are no such classes.
 */
export function requireClassNumbers(name: string, given: Tensor, classes: number): Int32Array {
  const { shape, data } = requireTensor(name, given);
  if (shape.length !== 1) {
    throw new CudaGanError('CUDA_GAN_SHAPE', `${name} has shape ${formatShape(shape)}; wanted are class numbers [n]`);
  }
  const wrong = data.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (wrong < 0) return Int32Array.from(data);
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `${name} contains ${inWords(data[wrong])} at index ${wrong}; the classes are 0 to ${classes - 1}`,
  );
}

export function requireFinite(name: string, data: TypedArray, rowLength: number): void {
  const wrong = firstNonFinite(data);
  if (wrong < 0) return;
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `${name} contains ${data[wrong]} in sample ${Math.floor(wrong / rowLength)}; all numbers must be finite`,
  );
}

function wrongRow(name: string, row: number, found: string): CudaGanError {
  return new CudaGanError(
    'CUDA_GAN_DATA',
    `row ${row} of ${name} ${found}; wanted are probabilities, which add up to 1: the outputs of a softmax`,
  );
}
