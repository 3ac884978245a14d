// Figures of what was generated, beside data, and of what a classifier tells.
export { type ClassHistogram, type ClassHistogramOptions, classHistogram } from './class-histogram.js';
export { classesOf } from './classes-of.js';
export {
  type ClassFigures,
  type ClassificationReport,
  type ClassificationReportOptions,
  classificationReport,
  classificationText,
} from './classification-report.js';
export { classifierScore } from './classifier-score.js';
export { type ConfusionMatrixOptions, confusionMatrix } from './confusion-matrix.js';
export { type DigitFeaturesOptions, digitFeatures } from './digit-features.js';
export { type DrawSamplesOptions, drawSamples } from './draw-samples.js';
export {
  type EvaluateOptions,
  type Evaluation,
  evaluate,
  type NearestOfSample,
  type PlainHistogram,
  type SetFigures,
} from './evaluate.js';
export {
  FeatureNetwork,
  type FeatureNetworkIdentity,
  type FeatureNetworkOptions,
  type ImageFeatures,
  type MeasureOptions,
} from './feature-network.js';
export { type FrechetDistance, type FrechetDistanceOptions, frechetDistance } from './frechet-distance.js';
export type { GeneratorFigures } from './generator-watch.js';
export type { Estimate, IntervalOptions } from './intervals.js';
export { type KernelDistance, type KernelDistanceOptions, kernelDistance } from './kernel-distance.js';
export { type NearestNeighbours, type NearestNeighboursOptions, nearestNeighbours } from './nearest-neighbours.js';
export {
  type DensityCoverage,
  densityCoverage,
  type NeighbourhoodOptions,
  type PrecisionRecall,
  precisionRecall,
} from './precision-recall.js';
export { type EvaluationPictures, evaluationPage } from './report-page.js';
export { evaluationText } from './report-text.js';
export { type Sharpness, type SharpnessFigure, type SharpnessOptions, sharpness } from './sharpness.js';
