// Optimizers, and how to find one by name.
import { named } from '../checks.js';
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

/**
 * The optimizer, or a new one of that name with Keras' defaults.
 * @internal
 * @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name.
 */
export function toOptimizer(wanted: Optimizer | OptimizerName): Optimizer {
  if (wanted instanceof Optimizer) return wanted;
  const factory: () => Optimizer = named('optimizer', factories, wanted);
  return factory();
}

/** Class and options of an optimizer, its learning rate as it is. @internal */
export interface SavedOptimizer {
  readonly className: string;
  readonly config: Readonly<Record<string, number | boolean>>;
}

/** @internal */
export function savedOptimizer(optimizer: Optimizer): SavedOptimizer {
  return { className: optimizer.className, config: optimizer.getConfig() };
}

/** The optimizer of `saved`, without its state. @internal @throws CudaGanError `CUDA_GAN_VALUE` for an unknown class. */
export function optimizerFromConfig({ className, config }: SavedOptimizer): Optimizer {
  const factory: (options: object) => Optimizer = named('optimizer', factories, className.toLowerCase());
  return factory(config);
}
