// Everything of a GAN that its steps read and change, by path.
import type { Variable } from '../program/variable.js';
import type { State } from '../training/checkpoint.js';
import type { Player } from './step.js';

/** Weights and statistics of both models, moments and counts of both optimizers; the latter are there once a step was recorded. */
export function ganState(generator: Player, discriminator: Player): State {
  return new Map([
    ...withPrefix('generator', generator.model.state()),
    ...withPrefix('discriminator', discriminator.model.state()),
    ...withPrefix('generatorOptimizer', generator.optimizer.state(generator.model.state())),
    ...withPrefix('discriminatorOptimizer', discriminator.optimizer.state(discriminator.model.state())),
  ]);
}

function withPrefix(prefix: string, state: State): (readonly [string, Variable])[] {
  return [...state].map(([path, variable]) => [`${prefix}/${path}`, variable]);
}
