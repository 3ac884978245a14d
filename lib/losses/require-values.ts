// Losses and metrics record ops on Values; without types they may be called with anything.
import { notAllowed } from '../checks.js';
import { Value } from '../program/value.js';

/** @throws CudaGanError `CUDA_GAN_VALUE` unless targets and predictions are Values. */
export function requireValues(call: string, targets: Value, predictions: Value): void {
  for (const [name, value] of Object.entries({ targets, predictions })) {
    if (!(value instanceof Value)) {
      throw notAllowed(`${call}: ${name}`, value, 'what a model hands over when the function is given to compile');
    }
  }
}
