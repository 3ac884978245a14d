// Data sets.
export { type Cifar10Options, cifar10 } from './cifar10.js';
export { type FashionMnistOptions, fashionMnist } from './fashion-mnist.js';
export {
  type GaussianGridOptions,
  type GaussianMixture,
  type GaussianRingOptions,
  gaussianGrid,
  gaussianRing,
  type ModeCoverage,
  modeCoverage,
} from './gaussian-mixtures.js';
export type { DecodingProgress, SkippedFile } from './image-files.js';
export {
  type ImageFolder,
  type ImageFolderOptions,
  imageFolder,
} from './image-folder.js';
export type { LabelledImages, Split } from './labelled-images.js';
export { type MnistOptions, mnist } from './mnist.js';
export {
  type DigitClassifier,
  type StackedMnistOptions,
  type StackedModeCoverage,
  stackedMnist,
  stackedModeCoverage,
} from './stacked-mnist.js';
