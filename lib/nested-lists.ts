// Numbers in lists of lists, row by row, as people write small tensors.
import { inWords, maxRank } from './checks.js';
import { CudaGanError } from './errors.js';
import type { Shape } from './tensor.js';

/** A number, a list of numbers, a list of such lists, … */
export type NestedNumbers = number | readonly NestedNumbers[];

export function isNested(data: unknown): data is NestedNumbers {
  return typeof data === 'number' || Array.isArray(data);
}

/** The shape that the first items have; `copyNumbers` holds the others to it. */
export function shapeOfLists(data: unknown): Shape {
  const shape: number[] = [];
  for (let first = data; Array.isArray(first); first = first[0]) {
    if (shape.length === maxRank) {
      throw new CudaGanError('CUDA_GAN_SHAPE', `data is nested more than ${maxRank} deep`);
    }
    shape.push(first.length);
  }
  return shape;
}

/**
 * Copies lists of `shape` into `target`.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for a list of another length, `CUDA_GAN_DATA` for what is no number.
 */
export function copyNumbers(data: unknown, shape: Shape, target: Float32Array): void {
  const place: number[] = [];
  let position = 0;
  const copy = (item: unknown, depth: number) => {
    if (depth < shape.length) {
      if (!Array.isArray(item) || item.length !== shape[depth]) throw ragged(item, shape, place.slice(0, depth));
      for (let i = 0; i < item.length; i++) {
        place[depth] = i;
        copy(item[i], depth + 1);
      }
    } else {
      if (typeof item !== 'number') throw noNumber(item, place);
      target[position++] = item;
    }
  };
  copy(data, 0);
}

function ragged(item: unknown, shape: Shape, place: readonly number[]): CudaGanError {
  const first = at(place.map(() => 0));
  return new CudaGanError(
    'CUDA_GAN_SHAPE',
    `${at(place)} is ${itemInWords(item)}, but ${first} is a list of ${shape[place.length]}: all must be alike`,
  );
}

function noNumber(item: unknown, place: readonly number[]): CudaGanError {
  return new CudaGanError('CUDA_GAN_DATA', `${at(place)} is ${itemInWords(item)}; wanted is a number`);
}

/** `data[1][2]` */
const at = (place: readonly number[]) => `data${place.map((index) => `[${index}]`).join('')}`;

const itemInWords = (item: unknown) => (Array.isArray(item) ? `a list of ${item.length}` : inWords(item));
