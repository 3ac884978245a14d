// Layers, made by functions named as in TensorFlow.js.
import { Activation, type ActivationOptions } from './activation.js';
import { BatchNormalization, type BatchNormalizationOptions } from './batch-normalization.js';
import { Concatenate, type ConcatenateOptions } from './concatenate.js';
import { Conv1D, type Conv1DOptions } from './conv1d.js';
import { Conv2D, type Conv2DOptions } from './conv2d.js';
import { Conv2DTranspose, type Conv2DTransposeOptions } from './conv2d-transpose.js';
import { Cropping2D, type Cropping2DOptions } from './cropping2d.js';
import { Dense, type DenseOptions } from './dense.js';
import { DepthwiseConv2D, type DepthwiseConv2DOptions } from './depthwise-conv2d.js';
import { Dot } from './dot.js';
import { Dropout, type DropoutOptions } from './dropout.js';
import { ELU, type ELUOptions } from './elu.js';
import { Embedding, type EmbeddingOptions } from './embedding.js';
import { Flatten } from './flatten.js';
import { GaussianNoise, type GaussianNoiseOptions } from './gaussian-noise.js';
import { GlobalAveragePooling2D, GlobalMaxPooling2D } from './global-pooling2d.js';
import { GroupNormalization, type GroupNormalizationOptions } from './group-normalization.js';
import type { Layer, LayerOptions } from './layer.js';
import { LayerNormalization } from './layer-normalization.js';
import { LeakyReLU, type LeakyReLUOptions } from './leaky-relu.js';
import { Add, Average, Maximum, Multiply } from './merge.js';
import { MinibatchStdDev, type MinibatchStdDevOptions } from './minibatch-std-dev.js';
import type { NormalizationOptions } from './normalization.js';
import { Permute, type PermuteOptions } from './permute.js';
import { AveragePooling2D, MaxPooling2D, type Pooling2DOptions } from './pooling2d.js';
import { PReLU, type PReLUOptions } from './prelu.js';
import { RandomTranslation, type RandomTranslationOptions } from './random-translation.js';
import { ReLU } from './relu.js';
import { Reshape, type ReshapeOptions } from './reshape.js';
import { SeparableConv2D, type SeparableConv2DOptions } from './separable-conv2d.js';
import { Softmax } from './softmax.js';
import { SpatialDropout2D } from './spatial-dropout2d.js';
import { SpectralNormalization, type SpectralNormalizationOptions } from './spectral-normalization.js';
import { UpSampling2D, type UpSampling2DOptions } from './up-sampling2d.js';
import { ZeroPadding2D, type ZeroPadding2DOptions } from './zero-padding2d.js';

export type { ActivationName } from './activations.js';
export type { Layer, LayerOptions } from './layer.js';
export type {
  ActivationOptions,
  BatchNormalizationOptions,
  ConcatenateOptions,
  Conv1DOptions,
  Conv2DOptions,
  Conv2DTransposeOptions,
  Cropping2DOptions,
  DenseOptions,
  DepthwiseConv2DOptions,
  DropoutOptions,
  ELUOptions,
  EmbeddingOptions,
  GaussianNoiseOptions,
  GroupNormalizationOptions,
  LeakyReLUOptions,
  MinibatchStdDevOptions,
  NormalizationOptions,
  PermuteOptions,
  Pooling2DOptions,
  PReLUOptions,
  RandomTranslationOptions,
  ReshapeOptions,
  SeparableConv2DOptions,
  SpectralNormalizationOptions,
  UpSampling2DOptions,
  ZeroPadding2DOptions,
};

/** y = activation(x · kernel + bias): [.., in] becomes [.., units]. */
export const dense = (options: DenseOptions): Layer => new Dense(options);
/** An activation function by name, of each element or, for `softmax`, along the last axis. The shape stays. */
export const activation = (options: ActivationOptions): Layer => new Activation(options);
/** x if x > 0, else negativeSlope · x (Maas et al. 2013). The shape stays. */
export const leakyReLU = (options?: LeakyReLUOptions): Layer => new LeakyReLU(options);
/** max(x, 0). The shape stays. */
export const reLU = (options?: LayerOptions): Layer => new ReLU(options);
/** x if x > 0, else alpha · (eˣ - 1) (Clevert et al. 2016). The shape stays. */
export const elu = (options?: ELUOptions): Layer => new ELU(options);
/** eˣ / Σ eˣ along the last axis. The shape stays. */
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
/**
 * In training zeroes a share `rate` of the elements, others in every step, and scales the rest by 1 / (1 - rate)
 * (Srivastava et al. 2014). The shape stays.
 */
export const dropout = (options: DropoutOptions): Layer => new Dropout(options);
/** In training adds normal noise of mean 0, other noise in every step. The shape stays. */
export const gaussianNoise = (options: GaussianNoiseOptions): Layer => new GaussianNoise(options);
/**
 * In training, moves every image [height, width, channels] by whole pixels, anywhere up to a share of its size, others in every
 * step, with zeros in the gap. (Keras' layer of that name moves by parts of pixels, too, and by default mirrors into the gap.)
 */
export const randomTranslation = (options: RandomTranslationOptions): Layer => new RandomTranslation(options);
/** Makes every sample a vector: [a, b, c] becomes [a · b · c]. */
export const flatten = (options?: LayerOptions): Layer => new Flatten(options);
/** Gives every sample another shape of as many elements. */
export const reshape = (options: ReshapeOptions): Layer => new Reshape(options);

/**
 * Convolves images with `filters` kernels: [height, width, channels] becomes [height, width, filters], height and width
 * as `padding`, `strides` and `dilationRate` have it: ⌈height / stride⌉ with `same` padding.
 */
export const conv2d = (options: Conv2DOptions): Layer => new Conv2D(options);
/**
 * Transposed convolution: spreads each place of images [height, width, channels] over a window. Samples become
 * [height · strides, width · strides, filters] with `same` padding.
 */
export const conv2dTranspose = (options: Conv2DTransposeOptions): Layer => new Conv2DTranspose(options);
/**
 * Convolves every channel of images by itself, with `depthMultiplier` kernels: [height, width, channels] becomes
 * [height, width, channels · depthMultiplier], height and width as of `conv2d`.
 */
export const depthwiseConv2d = (options: DepthwiseConv2DOptions): Layer => new DepthwiseConv2D(options);
/**
 * A depthwise convolution, then one of 1 by 1 with `filters` kernels: [height, width, channels] becomes [height, width,
 * filters], height and width as of `conv2d`.
 */
export const separableConv2d = (options: SeparableConv2DOptions): Layer => new SeparableConv2D(options);
/**
 * Convolves sequences with `filters` kernels: [steps, channels] becomes [steps, filters], steps as height of `conv2d`.
 */
export const conv1d = (options: Conv1DOptions): Layer => new Conv1D(options);
/**
 * The largest element of every window of images, per channel: [height, width, channels] becomes [height / 2, width / 2,
 * channels], rounded down, by default.
 */
export const maxPooling2d = (options?: Pooling2DOptions): Layer => new MaxPooling2D(options);
/**
 * The mean of every window of images, per channel; with `same` padding, of the elements that exist. Shapes are as of
 * `maxPooling2d`.
 */
export const averagePooling2d = (options?: Pooling2DOptions): Layer => new AveragePooling2D(options);
/** The mean of images per channel: [height, width, channels] becomes [channels]. */
export const globalAveragePooling2d = (options?: LayerOptions): Layer => new GlobalAveragePooling2D(options);
/** The largest element of images per channel: [height, width, channels] becomes [channels]. */
export const globalMaxPooling2d = (options?: LayerOptions): Layer => new GlobalMaxPooling2D(options);
/**
 * Images of `size` times as many rows and columns: [height, width, channels] becomes [2 · height, 2 · width, channels]
 * by default.
 */
export const upSampling2d = (options?: UpSampling2DOptions): Layer => new UpSampling2D(options);
/**
 * Rows and columns of zeros around images: [height, width, channels] becomes [height + 2, width + 2, channels] by
 * default.
 */
export const zeroPadding2d = (options?: ZeroPadding2DOptions): Layer => new ZeroPadding2D(options);
/**
 * Images without some of their outer rows and columns: [height, width, channels] becomes [height - 2, width - 2,
 * channels] with `cropping: 1`.
 */
export const cropping2d = (options?: Cropping2DOptions): Layer => new Cropping2D(options);
/** Permutes the dimensions of samples: [a, b, c] becomes [c, a, b] with `dims: [3, 1, 2]`. */
export const permute = (options: PermuteOptions): Layer => new Permute(options);
/**
 * x if x > 0, else alpha · x, alpha being learned for every element, or along `sharedAxes` in common (He et al. 2015).
 * The shape stays.
 */
export const prelu = (options?: PReLUOptions): Layer => new PReLU(options);
/**
 * Normalises every row along the last axis: gamma · (x - mean) / √(variance + epsilon) + beta (Ba et al. 2016). The shape
 * stays.
 */
export const layerNormalization = (options?: NormalizationOptions): Layer => new LayerNormalization(options);
/**
 * Normalises the channels of every sample [.., channels] in groups, over all places (Wu & He 2018). The shape stays.
 */
export const groupNormalization = (options?: GroupNormalizationOptions): Layer => new GroupNormalization(options);
/**
 * Whole numbers as vectors that are learned: int32 samples [..] become [.., outputDim]. Numbers are 0 to inputDim - 1. An
 * input of a model that goes straight into an embedding is held to that (`CUDA_GAN_DATA`); numbers that come in any other
 * way become NaN when they are outside.
 */
export const embedding = (options: EmbeddingOptions): Layer => new Embedding(options);
/**
 * A layer whose kernel, as a matrix [all the rest, outputs], is divided by its largest singular value: by the power
 * iteration, a step in every training step. Inference and frozen parts use the vector as it is and move nothing.
 */
export const spectralNormalization = (options: SpectralNormalizationOptions): Layer =>
  new SpectralNormalization(options);
/**
 * In training zeroes a share `rate` of the channels of images [height, width, channels], and scales the rest up
 * (Tompson et al. 2015).
 */
export const spatialDropout2d = (options: DropoutOptions): Layer => new SpatialDropout2D(options);
/**
 * Appends a channel that says how much the samples of a group differ, a remedy for mode collapse in a discriminator
 * (Karras et al. 2018): [height, width, channels] becomes [height, width, channels + 1].
 */
export const minibatchStdDev = (options?: MinibatchStdDevOptions): Layer => new MinibatchStdDev(options);

/** Joins samples along one axis, the last by default: [.., a] and [.., b] become [.., a + b]. */
export const concatenate = (options?: ConcatenateOptions): Layer => new Concatenate(options);
/** The sum of samples, element by element; their shapes broadcast. */
export const add = (options?: LayerOptions): Layer => new Add(options);
/** The product of samples, element by element; their shapes broadcast. */
export const multiply = (options?: LayerOptions): Layer => new Multiply(options);
/** The inner product of two vectors of one length: [n] and [n] to [1]. */
export const dot = (options?: LayerOptions): Layer => new Dot(options);
/** The mean of samples, element by element; their shapes broadcast. */
export const average = (options?: LayerOptions): Layer => new Average(options);
/** The largest of samples, element by element; their shapes broadcast. */
export const maximum = (options?: LayerOptions): Layer => new Maximum(options);
