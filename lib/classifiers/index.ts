// Classifiers by name: networks, and how they are trained.
import { named } from '../checks.js';
import { cnn } from './cnn.js';
import { mlp } from './mlp.js';
import type { Classifier, ClassifierOptions } from './options.js';

export type { Classifier, ClassifierOptions } from './options.js';
export { cnn, mlp };

const classifiers = { mlp, cnn };

/** Classifiers by name. @useDeclaredType */
export type ClassifierName = keyof typeof classifiers;

/** @internal */
export const classifierNames = Object.keys(classifiers) as readonly ClassifierName[];

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name, and as the function of that name. */
export function toClassifier(name: ClassifierName, options: ClassifierOptions): Classifier {
  return named<(options: ClassifierOptions) => Classifier>('classifier', classifiers, name)(options);
}
