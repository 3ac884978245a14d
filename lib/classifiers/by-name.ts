// Finds a classifier by its name.
import { named } from '../checks.js';
import { cnn } from './cnn.js';
import { mlp } from './mlp.js';
import type { Classifier, ClassifierOptions } from './options.js';

const classifiers = { mlp, cnn };

export type ClassifierName = keyof typeof classifiers;

export const classifierNames = Object.keys(classifiers) as readonly ClassifierName[];

/** @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name, and as the function of that name. */
export function toClassifier(name: ClassifierName, options: ClassifierOptions): Classifier {
  return named<(options: ClassifierOptions) => Classifier>('classifier', classifiers, name)(options);
}
