// Classifiers: networks, and how they are trained.
export { cnn } from './cnn.js';
export { mlp } from './mlp.js';
export type { Classifier, ClassifierOptions } from './options.js';
