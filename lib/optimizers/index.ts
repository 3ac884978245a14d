// Optimizers, and how to find one by name.
import { kindOf, named } from '../checks.js';
import { adam } from './adam.js';
import { Optimizer } from './optimizer.js';
import { rmsprop } from './rmsprop.js';
import { sgd } from './sgd.js';

export type { Adam, AdamOptions } from './adam.js';
export type { RMSprop, RMSpropOptions } from './rmsprop.js';
export type { SGD, SGDOptions } from './sgd.js';
export { adam, Optimizer, rmsprop, sgd };

const factories = { adam, rmsprop, sgd };

export type OptimizerName = keyof typeof factories;

/** An optimizer as plain data: its name beside its options. */
export type PlainOptimizer = { readonly name: OptimizerName; readonly [option: string]: unknown };

/** By name with Keras' defaults, as plain data, or an optimizer itself. */
export type OptimizerLike = OptimizerName | PlainOptimizer | Optimizer;

/**
 * The optimizer, or a new one as described.
 * @internal
 * @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name or option.
 */
export function toOptimizer(wanted: OptimizerLike): Optimizer {
  if (wanted instanceof Optimizer) return wanted;
  const { name, ...options } = kindOf(wanted) === 'Object' ? (wanted as PlainOptimizer) : { name: wanted };
  const factory: (options: object) => Optimizer = named('optimizer', factories, name as OptimizerName);
  return factory(options);
}
