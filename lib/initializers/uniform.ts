// Uniform initializers.
import { finiteNumber } from '../checks.js';
import { fans, fill, type Initializer } from './initializer.js';

/** Uniform in [minval, maxval). Defaults -0.05 and 0.05. */
export function randomUniform({ minval = -0.05, maxval = 0.05 } = {}): Initializer {
  finiteNumber('minval', minval);
  finiteNumber('maxval', maxval);
  return {
    name: 'randomUniform',
    config: { minval, maxval },
    create: (shape, random) => fill(shape, () => minval + (maxval - minval) * random.uniform()),
  };
}

/** Uniform within ±√(6 / (fan in + fan out)) (Glorot & Bengio 2010). */
export function glorotUniform(): Initializer {
  return uniformWithin('glorotUniform', (fanIn, fanOut) => Math.sqrt(6 / (fanIn + fanOut)));
}

/** Uniform within ±√(6 / fan in) (He et al. 2015). */
export function heUniform(): Initializer {
  return uniformWithin('heUniform', (fanIn) => Math.sqrt(6 / fanIn));
}

function uniformWithin(name: string, limitOf: (fanIn: number, fanOut: number) => number): Initializer {
  return {
    name,
    config: {},
    create: (shape, random) => {
      const { fanIn, fanOut } = fans(shape);
      const limit = limitOf(fanIn, fanOut);
      return randomUniform({ minval: -limit, maxval: limit }).create(shape, random);
    },
  };
}
