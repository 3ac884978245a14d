// Normal initializers.
import { finiteNumber, nonNegativeNumber } from '../checks.js';
import type { RandomStream } from '../random/random-stream.js';
import { fans, fill, type Initializer } from './initializer.js';

/** Normal. Defaults: mean 0, standard deviation 0.05. */
export function randomNormal({ mean = 0, stddev = 0.05 } = {}): Initializer {
  finiteNumber('mean', mean);
  nonNegativeNumber('stddev', stddev);
  return {
    name: 'randomNormal',
    config: { mean, stddev },
    create: (shape, random) => fill(shape, () => mean + stddev * random.normal()),
  };
}

/** Normal, drawn again beyond two standard deviations. Defaults: mean 0, standard deviation (before the cut) 0.05. */
export function truncatedNormal({ mean = 0, stddev = 0.05 } = {}): Initializer {
  finiteNumber('mean', mean);
  nonNegativeNumber('stddev', stddev);
  return {
    name: 'truncatedNormal',
    config: { mean, stddev },
    create: (shape, random) => fill(shape, () => mean + stddev * withinTwoDeviations(random)),
  };
}

/** Truncated normal with variance 2 / (fan in + fan out) (Glorot & Bengio 2010). */
export function glorotNormal(): Initializer {
  return normalWithVariance('glorotNormal', (fanIn, fanOut) => 2 / (fanIn + fanOut));
}

/** Truncated normal with variance 2 / fan in (He et al. 2015). */
export function heNormal(): Initializer {
  return normalWithVariance('heNormal', (fanIn) => 2 / fanIn);
}

/** Standard deviation of a standard normal cut at ±2, by which Keras corrects its scaled initializers. */
const truncatedDeviation = 0.87962566103423978;

function normalWithVariance(name: string, varianceOf: (fanIn: number, fanOut: number) => number): Initializer {
  return {
    name,
    config: {},
    create: (shape, random) => {
      const { fanIn, fanOut } = fans(shape);
      const stddev = Math.sqrt(varianceOf(fanIn, fanOut)) / truncatedDeviation;
      return truncatedNormal({ stddev }).create(shape, random);
    },
  };
}

function withinTwoDeviations(random: RandomStream): number {
  for (;;) {
    const value = random.normal();
    if (Math.abs(value) < 2) return value;
  }
}
