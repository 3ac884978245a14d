// Layers, made by functions named as in TensorFlow.js.
import { Activation, type ActivationOptions } from './activation.js';
import { BatchNormalization, type BatchNormalizationOptions } from './batch-normalization.js';
import { Dense, type DenseOptions } from './dense.js';
import { Dropout, type DropoutOptions } from './dropout.js';
import { ELU, type ELUOptions } from './elu.js';
import { Flatten } from './flatten.js';
import { GaussianNoise, type GaussianNoiseOptions } from './gaussian-noise.js';
import type { Layer, LayerOptions } from './layer.js';
import { LeakyReLU, type LeakyReLUOptions } from './leaky-relu.js';
import { ReLU } from './relu.js';
import { Reshape, type ReshapeOptions } from './reshape.js';
import { Softmax } from './softmax.js';

export type { ActivationName } from './activations.js';
export type { Layer, LayerOptions } from './layer.js';
export type {
  ActivationOptions,
  BatchNormalizationOptions,
  DenseOptions,
  DropoutOptions,
  ELUOptions,
  GaussianNoiseOptions,
  LeakyReLUOptions,
  ReshapeOptions,
};

/** y = activation(x · kernel + bias). */
export const dense = (options: DenseOptions): Layer => new Dense(options);
/** An activation function by name. */
export const activation = (options: ActivationOptions): Layer => new Activation(options);
/** x if x > 0, else negativeSlope · x. */
export const leakyReLU = (options?: LeakyReLUOptions): Layer => new LeakyReLU(options);
/** max(x, 0). */
export const reLU = (options?: LayerOptions): Layer => new ReLU(options);
/** x if x > 0, else alpha · (eˣ - 1). */
export const elu = (options?: ELUOptions): Layer => new ELU(options);
/** Softmax over the last axis. */
export const softmax = (options?: LayerOptions): Layer => new Softmax(options);
/**
 * Normalises x [.., channels] per channel: gamma · (x - mean) / √(variance + epsilon) + beta (Ioffe & Szegedy 2015). Mean
 * and variance are the batch's in training mode, and the moving ones in inference mode.
 *
 * With `trainable: false`, or frozen with its model, nothing of it moves, the statistics neither, and that is all: in
 * training mode it normalises by the batch all the same, as in Keras before TensorFlow 2. There and in Keras 3 a frozen
 * batch normalisation infers, which makes the generator of a GAN train against another discriminator than the one that
 * judges real images.
 */
export const batchNormalization = (options?: BatchNormalizationOptions): Layer => new BatchNormalization(options);
/** Zeroes a share of the elements in training. */
export const dropout = (options: DropoutOptions): Layer => new Dropout(options);
/** Adds normal noise in training. */
export const gaussianNoise = (options: GaussianNoiseOptions): Layer => new GaussianNoise(options);
/** Makes every sample a vector. */
export const flatten = (options?: LayerOptions): Layer => new Flatten(options);
/** Gives every sample another shape. */
export const reshape = (options: ReshapeOptions): Layer => new Reshape(options);

/** Makes a layer again from its config, by class name. @internal */
export const layerClasses = {
  Activation,
  BatchNormalization,
  Dense,
  Dropout,
  ELU,
  Flatten,
  GaussianNoise,
  LeakyReLU,
  ReLU,
  Reshape,
  Softmax,
} as const;
