// Losses: functions of targets and predictions to a scalar, and how to find one by name.
import { named } from '../checks.js';
import type { Value } from '../program/value.js';
import { binaryCrossentropy } from './binary-crossentropy.js';
import { categoricalCrossentropy, sparseCategoricalCrossentropy } from './categorical-crossentropy.js';
import { meanAbsoluteError } from './mean-absolute-error.js';
import { meanSquaredError } from './mean-squared-error.js';

export {
  binaryCrossentropy,
  categoricalCrossentropy,
  meanAbsoluteError,
  meanSquaredError,
  sparseCategoricalCrossentropy,
};

/** The mean over a batch: targets, predictions → scalar. */
export type Loss = (targets: Value, predictions: Value) => Value;

const losses = {
  binaryCrossentropy,
  categoricalCrossentropy,
  meanAbsoluteError,
  meanSquaredError,
  sparseCategoricalCrossentropy,
};

export type LossName = keyof typeof losses;

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name. */
export function toLoss(wanted: Loss | LossName): Loss {
  return typeof wanted === 'function' ? wanted : named<Loss>('loss', losses, wanted);
}
