// Fused ops differentiate as the ops they stand for.
import { partialGradients } from './gradients.js';
import type { Node, Value } from './value.js';

/** The gradients of `node`'s inputs, found by rebuilding its outputs from simpler ops and differentiating those. */
export function differentiateParts(
  { inputs }: Pick<Node, 'inputs'>,
  outputGradients: readonly (Value | undefined)[],
  parts: (inputs: readonly Value[]) => readonly Value[],
): (Value | undefined)[] {
  return partialGradients(parts(inputs), inputs, { seeds: outputGradients, independent: true });
}
