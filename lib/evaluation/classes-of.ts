// From probabilities to classes.
import { createTypedArray, type OwnInt32Array, type Tensor } from '../tensor.js';
import { requireProbabilities } from './features.js';

/**
 * The most probable class [n] of each row of probabilities [n, classes]; of equal ones the first.
 * @throws CudaGanError `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for what are no probabilities.
 */
export function classesOf(probabilities: Tensor): Tensor<OwnInt32Array> {
  const { count, dimension, data } = requireProbabilities('probabilities', probabilities);
  const classes = createTypedArray('int32', count);
  for (let i = 0; i < count; i++) {
    let best = i * dimension;
    for (let j = best + 1; j < (i + 1) * dimension; j++) if (data[j]! > data[best]!) best = j;
    classes[i] = best - i * dimension;
  }
  return { shape: [count], data: classes };
}
