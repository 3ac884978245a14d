// The nearest points of the data to samples: what was learnt by heart lies next to its model.
import { wholeNumber } from '../checks.js';
import type { Device } from '../devices/device.js';
import type { DeviceChoice } from '../devices/names.js';
import { resolveDevice } from '../devices/select.js';
import { checkOptions, type OptionNames } from '../options.js';
import { type OwnFloat32Array, type OwnInt32Array, type Tensor, tensor } from '../tensor.js';
import { requireCount, requireFlatRows, requireSameDimension } from './features.js';
import { nearestOf } from './neighbours.js';

/** What `nearestNeighbours` takes. */
export interface NearestNeighboursOptions {
  /** How many of the data are found for each sample. Default 1. */
  readonly count?: number | undefined;
  /** Where distances are computed. Default `auto`. What is found does not depend on it. */
  readonly device?: Device | DeviceChoice | undefined;
}

/** What of the data is nearest to each sample. */
export interface NearestNeighbours {
  /** Places in the data, [n, count], the nearest first; of equally near ones the first. */
  readonly indices: Tensor<OwnInt32Array>;
  /** Euclidean distances, [n, count]. */
  readonly distances: Tensor<OwnFloat32Array>;
}

const optionNames: OptionNames<NearestNeighboursOptions> = { count: true, device: true };

/**
 * Finds, for each of the samples [n, ...sample], the nearest of the data [m, ...sample], exactly: in features, or in pixels
 * that are in the same numbers. A generator that has learnt its training images by heart makes samples that are nearer to
 * them than held-out images are.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for samples of another size; `CUDA_GAN_DATA` for fewer than `count` in the data, or numbers
 * that are not finite; `CUDA_GAN_VALUE` for a wrong option; `CUDA_GAN_NO_DEVICE`.
 */
export async function nearestNeighbours(
  samples: Tensor,
  reference: Tensor,
  options?: NearestNeighboursOptions,
): Promise<NearestNeighbours> {
  const { count = 1, device } = checkOptions('metrics.nearestNeighbours', options, optionNames);
  wholeNumber('count', count, 1);
  const [rows, others] = [requireFlatRows('samples', samples), requireFlatRows('reference', reference)];
  requireSameDimension(rows, others);
  requireCount('reference', others.count, count, `a search for ${count} neighbours`);
  const { indices, squares } = await nearestOf(rows, others, count, resolveDevice(device));
  const shape = [rows.count, count];
  return { indices: tensor(indices, shape), distances: tensor(Float32Array.from(squares, Math.sqrt), shape) };
}
