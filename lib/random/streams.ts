// Which streams of a seed serve what, so that no two uses draw the same numbers.
import { RandomStream } from './random-stream.js';

/** The first stream of each use; each has all up to the next. */
export const firstStream = {
  /** The random ops of a graph that trains. */
  ops: 0,
  /** Those of a model in use: of parts that are pinned to training mode, and of layers of one's own. */
  inference: 2 ** 28,
  /** What a training is measured on now and then. */
  probe: 2 ** 28 + 2 ** 27,
  /** Noise of `GAN.generate`. */
  samples: 2 ** 29,
  /** Its truncated noise, drawn on the host. */
  truncatedNoise: 2 ** 29 + 2 ** 28,
  /** Initial weights of a model. */
  weights: 2 ** 30,
  /** Orders of the samples, one per epoch. */
  shuffling: 2 ** 31,
  /** Subsets and resamples that figures are computed of. */
  evaluation: 2 ** 31 + 2 ** 30,
  /** Data sets that are drawn at random. */
  data: 2 ** 32 - 3,
  /** Weights of initializers that have a seed of their own. */
  initializers: 2 ** 32 - 2,
  /** Seeds of other models. */
  seeds: 2 ** 32 - 1,
} as const;

/** A seed that follows from `seed`, for a second model beside the one that `seed` serves. */
export function secondSeed(seed: number): number {
  return new RandomStream(seed, firstStream.seeds).word();
}
