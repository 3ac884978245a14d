// Separable convolution: a depthwise one, then one of 1 by 1 that mixes the channels.
import { wholeNumber } from '../checks.js';
import { type Initializer, type InitializerLike, toInitializer } from '../initializers/index.js';
import { configOf } from '../initializers/initializer.js';
import { conv2d } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { Convolution, type ConvolutionOptions, convolutionOptionNames, filtersOf } from './convolution.js';
import { depthwise } from './depthwise-conv2d.js';
import type { LayerConfig } from './layer.js';
import { registerClass } from './registry.js';
import { channelsOfImages } from './window-options.js';

export interface SeparableConv2DOptions extends ConvolutionOptions {
  /** Number of output channels. */
  readonly filters: number;
  /** Channels between the two, per input channel. Default 1. */
  readonly depthMultiplier?: number | undefined;
  /** Default `glorotUniform`. */
  readonly depthwiseInitializer?: InitializerLike | undefined;
  /** Default `glorotUniform`. */
  readonly pointwiseInitializer?: InitializerLike | undefined;
}

const optionNames: OptionNames<SeparableConv2DOptions> = {
  filters: true,
  depthMultiplier: true,
  depthwiseInitializer: true,
  pointwiseInitializer: true,
  ...convolutionOptionNames,
};

/** @internal */
export class SeparableConv2D extends Convolution {
  static override readonly className = 'SeparableConv2D';
  readonly #filters: number;
  readonly #depthMultiplier: number;
  readonly #depthwiseInitializer: Initializer;
  readonly #pointwiseInitializer: Initializer;

  constructor(options: SeparableConv2DOptions) {
    const {
      filters,
      depthMultiplier = 1,
      depthwiseInitializer = 'glorotUniform',
      pointwiseInitializer = 'glorotUniform',
      ...base
    } = checkOptions('layers.separableConv2d', options, optionNames);
    super(base);
    this.#filters = filtersOf(filters);
    this.#depthMultiplier = wholeNumber('depthMultiplier', depthMultiplier, 1);
    this.#depthwiseInitializer = toInitializer(depthwiseInitializer);
    this.#pointwiseInitializer = toInitializer(pointwiseInitializer);
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    channelsOfImages('separableConv2d', inputShape);
    return [...this.depthwiseGeometry(inputShape).outputSize, this.#filters];
  }

  protected override createWeights([inputShape]: readonly [Shape]): void {
    const channels = inputShape[2]!;
    const depth = [...this.kernelSize, channels, this.#depthMultiplier];
    this.addWeight('depthwise_kernel', depth, this.#depthwiseInitializer);
    const point = [1, 1, channels * this.#depthMultiplier, this.#filters];
    this.addWeight('pointwise_kernel', point, this.#pointwiseInitializer);
    this.addBias(this.#filters);
  }

  override call([x]: readonly [Value]): Value {
    const geometry = this.depthwiseGeometry(x.shape.slice(1));
    const channels = depthwise(x, this.weight('depthwise_kernel', x), geometry);
    return this.finish(conv2d(channels, this.weight('pointwise_kernel', x)));
  }

  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      filters: this.#filters,
      depthMultiplier: this.#depthMultiplier,
      depthwiseInitializer: configOf(this.#depthwiseInitializer),
      pointwiseInitializer: configOf(this.#pointwiseInitializer),
    };
  }
}

registerClass(SeparableConv2D);
