// Optimizers as plain data.
import type { PlainOptimizer } from './index.js';
import type { Optimizer } from './optimizer.js';

/** By which it is made again, without its state. */
export function plainOptimizer(optimizer: Optimizer): PlainOptimizer {
  return { name: optimizer.name, ...optimizer.getConfig() } as PlainOptimizer;
}
