// The public surface of the package.
export * as datasets from './datasets/index.js';
export type { Precision } from './devices/cuda.js';
export type { Device, DeviceName } from './devices/device.js';
export { createDevice, type DeviceChoice, type DeviceOptions } from './devices/select.js';
export { CudaGanError, type ErrorCode } from './errors.js';
export {
  decodeSafetensors,
  encodeSafetensors,
  loadSafetensors,
  type Safetensors,
  saveSafetensors,
} from './formats/safetensors.js';
export { GAN, type GenerateOptions } from './gan/gan.js';
export type { GanLoadOptions, GanOptions } from './gan/gan-options.js';
export type { GanHistory, StepFigures } from './gan/history.js';
export {
  cnnDiscriminator,
  cnnGenerator,
  dcganDiscriminator,
  dcganGenerator,
  mlpDiscriminator,
  mlpGenerator,
  type PresetName,
  type PresetOptions,
} from './gan/presets/index.js';
export type { TrainOptions, TrainProgress } from './gan/train-options.js';
export { type GridOptions, saveGrid } from './images/grid.js';
export * as initializers from './initializers/index.js';
export * as layers from './layers/index.js';
export type { Layer, LayerConfig, LayerOptions } from './layers/layer.js';
export * as losses from './losses/index.js';
export * as metrics from './metrics/index.js';
export type { CompileOptions, EvaluateOptions, FitCallbacks, FitOptions, History } from './models/fit-options.js';
export type { PixelRange } from './models/pixel-range.js';
export { Sequential, type SequentialOptions, type SummaryOptions } from './models/sequential.js';
export type { NestedNumbers } from './nested-lists.js';
export * as optimizers from './optimizers/index.js';
export type { Value } from './program/value.js';
export type { Variable } from './program/variable.js';
export {
  type DType,
  type ElementsOf,
  type NamedTensor,
  type Shape,
  type Tensor,
  type TensorData,
  type TypedArray,
  tensor,
} from './tensor.js';
