// The public surface of the package.
export { Autoencoder, type AutoencoderOptions } from './autoencoders/autoencoder.js';
export type { EvidenceSettings, Likelihood } from './autoencoders/evidence.js';
export type {
  AutoencoderEvaluateOptions,
  AutoencoderFitOptions,
  AutoencoderLoadOptions,
  CodingOptions,
  LatentModel,
} from './autoencoders/latent-model.js';
export type { LogLikelihood } from './autoencoders/log-likelihood.js';
export type { CodersName, CodersSpec } from './autoencoders/networks/index.js';
export type { InputNoise } from './autoencoders/noise.js';
export type { Coder } from './autoencoders/pair.js';
export type { ReconstructionSettings } from './autoencoders/reconstruction.js';
export {
  type ClassifyOptions,
  type DecodeOptions,
  type Encoding,
  type LogLikelihoodOptions,
  type SampleOptions,
  VAE,
  type VaeOptions,
} from './autoencoders/vae.js';
/** What looks on while models and GANs train, by Keras' names. */
export * as callbacks from './callbacks/index.js';
/**
 * Classifiers of images by name, and how long to train them. A wrong option, or one that does not exist, is an error with the
 * code `CUDA_GAN_VALUE`.
 */
export * as classifiers from './classifiers/index.js';
export type { Claim } from './comparison/claim.js';
export { type CompareOptions, type CompareProgress, compare } from './comparison/compare.js';
export type { ComparedModel, Comparison, ComparisonSettings } from './comparison/comparison.js';
export type { CoderName, ContenderName } from './comparison/contenders.js';
export type { Budget } from './comparison/train-contender.js';
/** Data sets, and mixtures whose modes can be counted. */
export * as datasets from './datasets/index.js';
export type { Precision } from './devices/cuda.js';
export type { Device, DeviceName } from './devices/device.js';
export type { DeviceChoice } from './devices/names.js';
export { createDevice, type DeviceOptions } from './devices/select.js';
export { CudaGanError, type ErrorCode } from './errors.js';
/** Figures of what was generated: distances to the data, precision and recall, sharpness, a whole report. */
export * as metrics from './evaluation/metrics.js';
export { loadNpy, loadNpz, type NpyArray, type NpzOptions, saveNpy, saveNpz } from './formats/npy.js';
export {
  decodeSafetensors,
  encodeSafetensors,
  loadSafetensors,
  type Safetensors,
  saveSafetensors,
} from './formats/safetensors.js';
/**
 * What is done to real and generated images alike before a GAN's discriminator sees them. A wrong option, or one that
 * does not exist, is an error with the code `CUDA_GAN_VALUE`.
 */
export * as augmentations from './gan/augmentations/index.js';
export type { Imbalance } from './gan/balance.js';
export type { ClassGrid, ClassGridOptions, GridSize } from './gan/class-grid.js';
export type { CompositionOptions } from './gan/composition.js';
export type { EmaOptions } from './gan/ema.js';
export { GAN } from './gan/gan.js';
export type { GanConfig, GanFromConfigOptions, OwnParts } from './gan/gan-config.js';
export type { GanLoadOptions, GanOptions } from './gan/gan-options.js';
export type { MetricsOptions } from './gan/generator-metrics.js';
export type { BalanceFigures, GanHistory, StepFigures } from './gan/history.js';
export type { ImageSource } from './gan/image-source.js';
export { type InterpolateOptions, interpolateNoise } from './gan/interpolation.js';
export {
  type Conditioning,
  cnnDiscriminator,
  cnnGenerator,
  type DcganDiscriminatorOptions,
  type DcganGeneratorOptions,
  type DiscriminatorOptions,
  dcganDiscriminator,
  dcganGenerator,
  mlpDiscriminator,
  mlpGenerator,
  type NetworkOptions,
  type NetworksName,
  type NetworksSpec,
} from './gan/networks/index.js';
/**
 * What the players of a GAN minimise; D(x) is a logit. A wrong option, or one that does not exist, is an error with the
 * code `CUDA_GAN_VALUE`.
 */
export * as objectives from './gan/objectives/index.js';
export type { PresetName } from './gan/presets.js';
/**
 * Penalties and bounds of a GAN's discriminator. A wrong option, or one that does not exist, is an error with the code
 * `CUDA_GAN_VALUE`.
 */
export * as regularizers from './gan/regularizers/index.js';
export type { ResumedGan, ResumeOptions } from './gan/resume-options.js';
export type { GenerateOptions, NoiseOptions } from './gan/sampling.js';
export type { PlainSpec } from './gan/spec.js';
export type { GanCallbacks, TrainOptions, TrainProgress } from './gan/train-options.js';
export type { TrainingImages } from './gan/training-data.js';
export { type GridOptions, saveGrid } from './images/grid.js';
export { type MovieFrames, type MovieOptions, saveMovie } from './images/movie.js';
/**
 * Where the first contents of weights come from. A wrong option, or one that does not exist, is an error with the code
 * `CUDA_GAN_VALUE`.
 */
export * as initializers from './initializers/index.js';
/**
 * What weights of layers are held to after every update. A wrong option, or one that does not exist, is an error with
 * the code `CUDA_GAN_VALUE`.
 */
export * as constraints from './layers/constraints/index.js';
/**
 * Layers, made by functions named as in TensorFlow.js, with Keras' defaults. Shapes are those of a sample, without the
 * batch.
 *
 * A wrong option, or one that does not exist, is an error with the code `CUDA_GAN_VALUE`. A layer that is put behind
 * what it cannot take is one with `CUDA_GAN_SHAPE`, at the time when it is put there.
 */
export * as layers from './layers/index.js';
export { type InputOptions, input } from './layers/input.js';
export {
  type ApplyOptions,
  type CallOptions,
  Layer,
  type LayerConfig,
  type LayerOptions,
  type WeightOptions,
} from './layers/layer.js';
export { type LayerClass, registerClass } from './layers/registry.js';
/**
 * What weights and outputs of layers add to a loss. A wrong option, or one that does not exist, is an error with the
 * code `CUDA_GAN_VALUE`.
 */
export * as layerRegularizers from './layers/regularizers/index.js';
export { SymbolicTensor, type SymbolicTensors } from './layers/symbolic-tensor.js';
export { Wrapper, type WrapperOptions } from './layers/wrapper.js';
/**
 * Losses of targets and predictions [batch, ..], for `compile` and models of your own: functions of Values that record
 * a scalar. Shapes that do not fit each other are an error with the code `CUDA_GAN_SHAPE`, wrong options one with
 * `CUDA_GAN_VALUE`.
 */
export * as losses from './losses/index.js';

export type { Tensors } from './models/data.js';
export type {
  CompileOptions,
  EvaluateOptions,
  FitOptions,
  History,
  PredictOptions,
  TestOnBatchOptions,
  TrainOnBatchOptions,
  ValidationData,
} from './models/fit-options.js';
export {
  Functional,
  type FunctionalOptions,
  model,
  type PredictionsOf,
} from './models/functional.js';
export { type LoadOptions, loadModel } from './models/load-model.js';
export {
  Model,
  type ModelOptions,
  type Prediction,
  type Predictions,
  type SummaryOptions,
} from './models/model.js';
export type { SaveOptions } from './models/model-formats.js';
export type { PixelRange } from './models/pixel-range.js';
export { plotModel } from './models/plot.js';
export { Sequential, type SequentialOptions } from './models/sequential.js';
export type { Structure } from './models/structure.js';
export type { LoadWeightsOptions } from './models/wanted-weights.js';
export type { ClassWeights } from './models/weighting.js';
export type { NestedNumbers } from './nested-lists.js';
/**
 * What layers, losses and parts of a GAN of your own are made of: functions of Values that are recorded into their
 * graph, and have gradients. Shapes that do not fit are an error with the code `CUDA_GAN_SHAPE`, settings that are not
 * allowed and Values of different graphs one with `CUDA_GAN_VALUE`.
 */
export * as ops from './ops/index.js';
/**
 * What moves weights along their gradients. A wrong option, or one that does not exist, is an error with the code
 * `CUDA_GAN_VALUE`.
 */
export * as optimizers from './optimizers/index.js';
/**
 * Learning rates that change with the number of updates. A wrong option, or one that does not exist, is an error with
 * the code `CUDA_GAN_VALUE`.
 */
export * as schedules from './optimizers/schedules/index.js';
export type { Graph } from './program/graph.js';
export { Value } from './program/value.js';
export type { Variable } from './program/variable.js';
export { runPictures } from './runs/run-pictures.js';
export {
  type DType,
  type ElementsOf,
  type NamedTensor,
  type OwnFloat32Array,
  type OwnInt32Array,
  type OwnTypedArray,
  type OwnUint8Array,
  type Shape,
  type Tensor,
  type TensorData,
  type TypedArray,
  tensor,
} from './tensor.js';
export type { Callbacks, Logs, Progress } from './training/callbacks.js';
export type { Training } from './training/training.js';
