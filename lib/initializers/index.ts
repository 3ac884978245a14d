// Initializers, and how to find one by name.
import { isBuiltIn, requireOwnName, requireSaved } from '../built-in.js';
import { inWords, kindOf, named } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { formatShape, sizeOf } from '../tensor.js';
import { constant, ones, zeros } from './constant.js';
import type { Initializer } from './initializer.js';
import { glorotNormal, heNormal, lecunNormal, randomNormal, truncatedNormal } from './normal.js';
import { orthogonal } from './orthogonal.js';
import { glorotUniform, heUniform, lecunUniform, randomUniform } from './uniform.js';

export type { RandomStream } from '../random/random-stream.js';
export type { ConstantOptions } from './constant.js';
export type { Initializer, SeedOptions } from './initializer.js';
export type { RandomNormalOptions } from './normal.js';
export type { OrthogonalOptions } from './orthogonal.js';
export type { RandomUniformOptions } from './uniform.js';

export {
  constant,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  ones,
  orthogonal,
  randomNormal,
  randomUniform,
  truncatedNormal,
  zeros,
};

const factories = {
  constant,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  ones,
  orthogonal,
  randomNormal,
  randomUniform,
  truncatedNormal,
  zeros,
};

/** Initializers by name. @useDeclaredType */
export type InitializerName = keyof typeof factories;

/** An initializer, its name, or what a saved model keeps of it. */
export type InitializerLike = Initializer | InitializerName | Pick<Initializer, 'name' | 'config'>;

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name, or options that the initializer does not have. */
export function toInitializer(wanted: InitializerLike): Initializer {
  if (isInitializer(wanted)) {
    if (isBuiltIn(wanted)) return wanted;
    requireOwnName('initializer', wanted, factories);
    return holdToShape(wanted);
  }
  const { name, config } =
    typeof wanted === 'object' && wanted !== null ? requireSaved('initializer', wanted) : { name: wanted, config: {} };
  const factory = named('initializer', factories, name) as (config: object) => Initializer;
  return factory(config);
}

function isInitializer(value: InitializerLike): value is Initializer {
  return typeof value === 'object' && value !== null && 'create' in value && typeof value.create === 'function';
}

/** An initializer may be the user's own: it must give as many float32 numbers as the weight has elements. */
function holdToShape(initializer: Initializer): Initializer {
  const { name, config } = initializer;
  return {
    name,
    config,
    create: (shape, random) => {
      const values = initializer.create(shape, random);
      const length = sizeOf(shape);
      if (kindOf(values) === 'Float32Array' && values.length === length) return values;
      throw new CudaGanError(
        'CUDA_GAN_VALUE',
        `the initializer ${inWords(name)} gave ${inWords(values)} for a weight of ${formatShape(shape)}; wanted is a Float32Array of ${length} elements`,
      );
    },
  };
}
