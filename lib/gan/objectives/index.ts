// What the two networks are trained for, and how to find it by name.
import type { PlainPart } from '../../built-in.js';
import { finiteNumber } from '../../checks.js';
import { toPart } from '../spec.js';
import { minimax, nonSaturating } from './cross-entropy.js';
import { hinge } from './hinge.js';
import { leastSquares } from './least-squares.js';
import type { Objective } from './objective.js';
import { relativisticAverage, relativisticPaired } from './relativistic.js';
import { wasserstein } from './wasserstein.js';

export type { CrossEntropyOptions } from './cross-entropy.js';
export type { Objective, PairedObjective, SeparateObjective } from './objective.js';
export { hinge, leastSquares, minimax, nonSaturating, relativisticAverage, relativisticPaired, wasserstein };

const objectives = {
  nonSaturating,
  minimax,
  leastSquares,
  hinge,
  wasserstein,
  relativisticPaired,
  relativisticAverage,
};

/** Objectives by name. @useDeclaredType */
export type ObjectiveName = keyof typeof objectives;

/** By name, as plain data (`{ name, ...options }`), or an objective itself. */
export type ObjectiveLike = ObjectiveName | PlainPart<typeof objectives> | Objective;

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name or option, and for what is no objective. */
export function toObjective(wanted: ObjectiveLike): Objective {
  const objective = toPart<Objective>('objective', objectives, wanted, [
    ['real', 'fake', 'generator'],
    ['discriminator', 'generator'],
  ]);
  const { name, threshold } = objective;
  if (threshold !== undefined) finiteNumber(`threshold of the objective ${name}`, threshold);
  return objective;
}
