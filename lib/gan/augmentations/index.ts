// What happens to images before the discriminator sees them, and how to find it by name.
import type { PlainPart } from '../../built-in.js';
import { toPart } from '../spec.js';
import type { Augmentation } from './augmentation.js';
import { diffAugment } from './diff-augment.js';
import { instanceNoise } from './instance-noise.js';

export type { Augmentation } from './augmentation.js';
export type { DiffAugmentOptions, DiffAugmentPolicy } from './diff-augment.js';
export type { InstanceNoiseOptions } from './instance-noise.js';
export { diffAugment, instanceNoise };

const augmentations = { diffAugment, instanceNoise };

/** Augmentations by name. @useDeclaredType */
export type AugmentationName = keyof typeof augmentations;

/** By name, as plain data (`{ name, ...options }`), or an augmentation itself. */
export type AugmentationLike = AugmentationName | PlainPart<typeof augmentations> | Augmentation;

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name or option, and for what is no augmentation. */
export function toAugmentation(wanted: AugmentationLike): Augmentation {
  return toPart<Augmentation>('augmentation', augmentations, wanted, [['apply']]);
}
