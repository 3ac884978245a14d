// Regularizers of layers, and how to find one by name.
import { isBuiltIn } from '../../built-in.js';
import { requireReturned } from '../../program/returned.js';
import { type SavedPart, toPart } from '../part.js';
import { l1 } from './l1.js';
import { l1l2 } from './l1l2.js';
import { l2 } from './l2.js';
import type { LayerRegularizer } from './regularizer.js';

export type { L1Options } from './l1.js';
export type { L1L2Options } from './l1l2.js';
export type { L2Options } from './l2.js';
export type { LayerRegularizer } from './regularizer.js';
export { l1, l1l2, l2 };

const regularizers = { l1, l1l2, l2 };

/** Regularizers of layers by name. @useDeclaredType */
export type LayerRegularizerName = keyof typeof regularizers;

/** By name with its defaults, what a saved model keeps of one, or a regularizer itself. */
export type LayerRegularizerLike = LayerRegularizerName | SavedPart | LayerRegularizer;

/**
 * The regularizer, whose penalty is a scalar.
 * @internal
 * @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name or option, and for what is no regularizer of layers.
 */
export function toLayerRegularizer(wanted: LayerRegularizerLike): LayerRegularizer {
  const regularizer = toPart<LayerRegularizer>('regularizer of layers', regularizers, 'penalty', wanted);
  if (isBuiltIn(regularizer)) return regularizer;
  const { name, config } = regularizer;
  const label = `penalty of the regularizer ${name}`;
  return { name, config, penalty: (x) => requireReturned(label, regularizer.penalty(x), []) };
}
