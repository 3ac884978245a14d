// Initializers, and how to find one by name.
import { named } from '../checks.js';
import { constant, ones, zeros } from './constant.js';
import type { Initializer } from './initializer.js';
import { glorotNormal, heNormal, randomNormal, truncatedNormal } from './normal.js';
import { orthogonal } from './orthogonal.js';
import { glorotUniform, heUniform, randomUniform } from './uniform.js';

export type { Initializer } from './initializer.js';

export {
  constant,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
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
  ones,
  orthogonal,
  randomNormal,
  randomUniform,
  truncatedNormal,
  zeros,
};

export type InitializerName = keyof typeof factories;

/** An initializer, its name, or what a saved model keeps of it. */
export type InitializerLike = Initializer | InitializerName | Pick<Initializer, 'name' | 'config'>;

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name. */
export function toInitializer(wanted: InitializerLike): Initializer {
  if (typeof wanted === 'object' && 'create' in wanted) return wanted;
  const { name, config } = typeof wanted === 'string' ? { name: wanted, config: {} } : wanted;
  const factory: (config: Record<string, number>) => Initializer = named('initializer', factories, name);
  return factory(config);
}
