// Callbacks for `fit` and `GAN.train`, with Keras' names.
export { type CsvLoggerOptions, csvLogger } from './csv-logger.js';
export { type EarlyStoppingOptions, earlyStopping } from './early-stopping.js';
export { type GeneratorMetricsOptions, generatorMetrics } from './generator-metrics.js';
export { type LearningRateSchedule, learningRateScheduler } from './learning-rate-scheduler.js';
export { type ModelCheckpointOptions, modelCheckpoint } from './model-checkpoint.js';
export type { MonitorMode, MonitorOptions } from './monitor.js';
export { type ReduceLROnPlateauOptions, reduceLROnPlateau } from './reduce-lr-on-plateau.js';
export { terminateOnNaN } from './terminate-on-nan.js';
export type { VerboseOptions } from './verbosity.js';
