// Normal initializers.
import { finiteNumber, nonNegativeNumber } from '../checks.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { RandomStream } from '../random/random-stream.js';
import {
  type Draw,
  fill,
  type Initializer,
  randomInitializer,
  type SeedOptions,
  scaledInitializer,
} from './initializer.js';

/** What `randomNormal` and `truncatedNormal` take. */
export interface RandomNormalOptions extends SeedOptions {
  /** Default 0. */
  readonly mean?: number | undefined;
  /** Standard deviation; that of `truncatedNormal` is the one before the cut. Default 0.05. */
  readonly stddev?: number | undefined;
}

const optionNames: OptionNames<RandomNormalOptions> = { mean: true, stddev: true, seed: true };

/** Normal. Defaults: mean 0, standard deviation 0.05. */
export function randomNormal(options?: RandomNormalOptions): Initializer {
  return normalOf('randomNormal', options, (random) => random.normal());
}

/** Normal, drawn again beyond two standard deviations. Defaults: mean 0, standard deviation (before the cut) 0.05. */
export function truncatedNormal(options?: RandomNormalOptions): Initializer {
  return normalOf('truncatedNormal', options, withinTwoDeviations);
}

/** Truncated normal with variance 2 / (fan in + fan out) (Glorot & Bengio 2010). */
export function glorotNormal(options?: SeedOptions): Initializer {
  return scaledInitializer('glorotNormal', options, (fanIn, fanOut) => normalWithVariance(2 / (fanIn + fanOut)));
}

/** Truncated normal with variance 2 / fan in (He et al. 2015). */
export function heNormal(options?: SeedOptions): Initializer {
  return scaledInitializer('heNormal', options, (fanIn) => normalWithVariance(2 / fanIn));
}

/** Truncated normal with variance 1 / fan in (LeCun et al. 1998). */
export function lecunNormal(options?: SeedOptions): Initializer {
  return scaledInitializer('lecunNormal', options, (fanIn) => normalWithVariance(1 / fanIn));
}

function normalOf(
  name: string,
  options: RandomNormalOptions | undefined,
  standard: (random: RandomStream) => number,
): Initializer {
  const { mean = 0, stddev = 0.05, seed } = checkOptions(`initializers.${name}`, options, optionNames);
  finiteNumber('mean', mean);
  nonNegativeNumber('stddev', stddev);
  return randomInitializer(name, { mean, stddev }, seed, normal(mean, stddev, standard));
}

/** Standard deviation of a standard normal cut at ±2, by which Keras corrects its scaled initializers. */
const truncatedDeviation = 0.87962566103423978;

function normalWithVariance(variance: number): Draw {
  return normal(0, Math.sqrt(variance) / truncatedDeviation, withinTwoDeviations);
}

function normal(mean: number, stddev: number, standard: (random: RandomStream) => number): Draw {
  return (shape, random) => fill(shape, () => mean + stddev * standard(random));
}

function withinTwoDeviations(random: RandomStream): number {
  for (;;) {
    const value = random.normal();
    if (Math.abs(value) < 2) return value;
  }
}
