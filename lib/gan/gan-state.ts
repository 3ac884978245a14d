// Everything of a GAN that its steps read and change, by path.
import type { Variable } from '../program/variable.js';
import type { State } from '../training/checkpoint.js';
import type { StepParts } from './step.js';

/**
 * Weights and statistics of the models, moments and counts of the optimizers, and the count of steps; what the optimizers
 * keep is there once a step was recorded.
 */
export function ganState({ generator, discriminator, average, stepsDone }: StepParts): State {
  return new Map([
    ...withPrefix('generator', generator.model.state()),
    ...withPrefix('discriminator', discriminator.model.state()),
    ...(average === undefined ? [] : withPrefix('average', average.state())),
    ...withPrefix('generatorOptimizer', generator.optimizer.state(generator.model.state())),
    ...withPrefix('discriminatorOptimizer', discriminator.optimizer.state(discriminator.model.state())),
    ['stepsDone', stepsDone],
  ]);
}

function withPrefix(prefix: string, state: State): (readonly [string, Variable])[] {
  return [...state].map(([path, variable]) => [`${prefix}/${path}`, variable]);
}
