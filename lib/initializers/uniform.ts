// Uniform initializers.
import { finiteNumber } from '../checks.js';
import { checkOptions, type OptionNames } from '../options.js';
import {
  type Draw,
  fill,
  type Initializer,
  randomInitializer,
  type SeedOptions,
  scaledInitializer,
} from './initializer.js';

/** What `randomUniform` takes. */
export interface RandomUniformOptions extends SeedOptions {
  /** Default -0.05. */
  readonly minval?: number | undefined;
  /** Default 0.05. */
  readonly maxval?: number | undefined;
}

const optionNames: OptionNames<RandomUniformOptions> = { minval: true, maxval: true, seed: true };

/** Uniform in [minval, maxval). Defaults -0.05 and 0.05. */
export function randomUniform(options?: RandomUniformOptions): Initializer {
  const { minval = -0.05, maxval = 0.05, seed } = checkOptions('initializers.randomUniform', options, optionNames);
  finiteNumber('minval', minval);
  finiteNumber('maxval', maxval);
  return randomInitializer('randomUniform', { minval, maxval }, seed, uniform(minval, maxval));
}

/** Uniform within ±√(6 / (fan in + fan out)) (Glorot & Bengio 2010). */
export function glorotUniform(options?: SeedOptions): Initializer {
  return scaledInitializer('glorotUniform', options, (fanIn, fanOut) => uniformWithin(Math.sqrt(6 / (fanIn + fanOut))));
}

/** Uniform within ±√(6 / fan in) (He et al. 2015). */
export function heUniform(options?: SeedOptions): Initializer {
  return scaledInitializer('heUniform', options, (fanIn) => uniformWithin(Math.sqrt(6 / fanIn)));
}

/** Uniform within ±√(3 / fan in) (LeCun et al. 1998). */
export function lecunUniform(options?: SeedOptions): Initializer {
  return scaledInitializer('lecunUniform', options, (fanIn) => uniformWithin(Math.sqrt(3 / fanIn)));
}

function uniformWithin(limit: number): Draw {
  return uniform(-limit, limit);
}

function uniform(minval: number, maxval: number): Draw {
  return (shape, random) => fill(shape, () => minval + (maxval - minval) * random.uniform());
}
