// Optimizers, and how to find one by name.
import type { PlainPart } from '../built-in.js';
import { kindOf, named } from '../checks.js';
import { adagrad } from './adagrad.js';
import { adam, adamW } from './adam.js';
import { nadam } from './nadam.js';
import { Optimizer } from './optimizer.js';
import { rmsprop } from './rmsprop.js';
import { sgd } from './sgd.js';

export type { Adagrad, AdagradOptions } from './adagrad.js';
export type { Adam, AdamOptions, AdamW } from './adam.js';
export type { Nadam, NadamOptions } from './nadam.js';
export type { OptimizerOptions } from './optimizer.js';
export type { RMSprop, RMSpropOptions } from './rmsprop.js';
export type { SGD, SGDOptions } from './sgd.js';
export { adagrad, adam, adamW, nadam, Optimizer, rmsprop, sgd };

const factories = { adagrad, adam, adamW, nadam, rmsprop, sgd };

/** Optimizers by name. @useDeclaredType */
export type OptimizerName = keyof typeof factories;

/** An optimizer as plain data: its name beside its options. */
export type PlainOptimizer = PlainPart<typeof factories>;

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
