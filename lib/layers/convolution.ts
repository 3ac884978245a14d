// What the convolutional layers share: filters, a bias and an activation behind the product.
import { oneOf, trueOrFalse, wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { type Conv2dGeometry, conv2dGeometry } from '../ops/conv2d-geometry.js';
import { add } from '../ops/index.js';
import type { Padding, Pair } from '../ops/window.js';
import { paddings, pairOf } from '../ops/window.js';
import type { OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { type ActivationName, activationNamed } from './activations.js';
import { Layer, type LayerConfig, type LayerOptions, layerOptionNames } from './layer.js';
import {
  type BiasOptions,
  biasOptionNames,
  settingsConfig,
  type WeightSettings,
  weightSettings,
} from './weight-settings.js';

export interface ConvolutionOptions extends LayerOptions, BiasOptions {
  /** Height and width of the window: one number for both, or two. */
  readonly kernelSize: number | Pair;
  /** How far the window moves: one number, or vertically and horizontally. Default 1. */
  readonly strides?: number | Pair | undefined;
  /** `valid`: the window stays within the image. `same`: there are ⌈size / stride⌉ places. Default `valid`. */
  readonly padding?: Padding | undefined;
  /** Distance of neighbouring elements of the window. Default 1. */
  readonly dilationRate?: number | Pair | undefined;
  /** Default `linear`. */
  readonly activation?: ActivationName | undefined;
  /** Default true. */
  readonly useBias?: boolean | undefined;
}

/** @internal */
export const convolutionOptionNames: OptionNames<ConvolutionOptions> = {
  kernelSize: true,
  strides: true,
  padding: true,
  dilationRate: true,
  activation: true,
  useBias: true,
  ...biasOptionNames,
  ...layerOptionNames,
};

/** @internal */
export abstract class Convolution extends Layer {
  protected readonly kernelSize: Pair;
  protected readonly strides: Pair;
  protected readonly padding: Padding;
  protected readonly dilations: Pair;
  readonly #activation: ActivationName;
  readonly #useBias: boolean;
  readonly #bias: WeightSettings;

  constructor(options: ConvolutionOptions) {
    const {
      kernelSize,
      strides = 1,
      padding = 'valid',
      dilationRate = 1,
      activation = 'linear',
      useBias = true,
    } = options;
    super(options);
    this.kernelSize = pairOf('kernelSize', kernelSize);
    this.strides = pairOf('strides', strides);
    this.padding = oneOf('padding', paddings, padding);
    this.dilations = pairOf('dilationRate', dilationRate);
    activationNamed(activation);
    this.#activation = activation;
    this.#useBias = trueOrFalse('useBias', useBias);
    this.#bias = weightSettings('bias', options, 'zeros');
  }

  protected addBias(filters: number): void {
    if (this.#useBias) this.addWeight('bias', [filters], this.#bias.initializer, this.#bias.rules);
  }

  /** Of a convolution of every channel by itself, of images [height, width, channels]. */
  protected depthwiseGeometry([height, width, channels]: Shape): Conv2dGeometry {
    return conv2dGeometry([height!, width!], this.kernelSize, {
      strides: this.strides,
      padding: this.padding,
      dilations: this.dilations,
      groups: channels!,
    });
  }

  /** Adds the bias and applies the activation. */
  protected finish(product: Value): Value {
    const sum = this.#useBias ? add(product, this.weight('bias', product)) : product;
    return activationNamed(this.#activation)(sum);
  }

  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      kernelSize: this.kernelSize,
      strides: this.strides,
      padding: this.padding,
      dilationRate: this.dilations,
      activation: this.#activation,
      useBias: this.#useBias,
      ...settingsConfig('bias', this.#bias),
    };
  }
}

/** `groups` if it divides both numbers of channels. @internal @throws CudaGanError `CUDA_GAN_SHAPE` */
export function dividingGroups(groups: number, inputs: number, filters: number): number {
  for (const [channels, what] of [
    [inputs, 'input channels'],
    [filters, 'filters'],
  ] as const) {
    if (channels % groups !== 0) {
      throw new CudaGanError('CUDA_GAN_SHAPE', `${groups} groups do not divide ${channels} ${what}`);
    }
  }
  return groups;
}

/** `filters` if it is one. @internal @throws CudaGanError `CUDA_GAN_VALUE` */
export function filtersOf(filters: number): number {
  return wholeNumber('filters', filters, 1);
}
