// What holds the discriminator back, and how to find it by name.
import type { PlainPart } from '../../built-in.js';
import { oneOf, wholeNumber } from '../../checks.js';
import { toPart } from '../spec.js';
import { gradientPenalty } from './gradient-penalty.js';
import { r1, r2 } from './r1-r2.js';
import type { Regularizer } from './regularizer.js';
import { weightClipping } from './weight-clipping.js';

export type { GradientPenaltyOptions } from './gradient-penalty.js';
export type { ZeroCenteredOptions } from './r1-r2.js';
export type { DiscriminatorUpdate, Judged, Regularizer } from './regularizer.js';
export type { WeightClippingOptions } from './weight-clipping.js';
export { gradientPenalty, r1, r2, weightClipping };

const regularizers = { gradientPenalty, r1, r2, weightClipping };

/** Regularizers of a discriminator by name. @useDeclaredType */
export type RegularizerName = keyof typeof regularizers;

/** By name, as plain data (`{ name, ...options }`), or a regularizer itself. */
export type RegularizerLike = RegularizerName | PlainPart<typeof regularizers> | Regularizer;

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name or option, and for what is no regularizer. */
export function toRegularizer(wanted: RegularizerLike): Regularizer {
  const regularizer = toPart<Regularizer>('regularizer', regularizers, wanted, [['penalty'], ['constrain']]);
  const { name, needs = 'both', interval = 1 } = regularizer;
  oneOf(`needs of the regularizer ${name}:`, ['real', 'fake', 'both'], needs);
  wholeNumber(`interval of the regularizer ${name}`, interval, 1);
  return regularizer;
}
