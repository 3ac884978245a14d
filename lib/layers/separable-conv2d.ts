// Separable convolution: a depthwise one, then one of 1 by 1 that mixes the channels.

import { wholeNumber } from '../checks.js';
import type { InitializerLike } from '../initializers/index.js';
import { conv2d } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import type { ConstraintLike } from './constraints/index.js';
import { Convolution, type ConvolutionOptions, convolutionOptionNames, filtersOf } from './convolution.js';
import { depthwise } from './depthwise-conv2d.js';
import type { LayerConfig } from './layer.js';
import { registerClass } from './registry.js';
import type { LayerRegularizerLike } from './regularizers/index.js';
import { settingsConfig, type WeightSettings, weightSettings } from './weight-settings.js';
import { channelsOfImages } from './window-options.js';

/** What `layers.separableConv2d` takes. */
export interface SeparableConv2DOptions extends ConvolutionOptions {
  /** Number of output channels. */
  readonly filters: number;
  /** Channels between the two, per input channel. Default 1. */
  readonly depthMultiplier?: number | undefined;
  /** Default `glorotUniform`. */
  readonly depthwiseInitializer?: InitializerLike | undefined;
  /** Added to the loss for the kernel of the depthwise convolution. Default: nothing. */
  readonly depthwiseRegularizer?: LayerRegularizerLike | undefined;
  /** What that kernel is held to after every update. Default: nothing. */
  readonly depthwiseConstraint?: ConstraintLike | undefined;
  /** Default `glorotUniform`. */
  readonly pointwiseInitializer?: InitializerLike | undefined;
  /** Added to the loss for the kernel of the convolution of 1 by 1. Default: nothing. */
  readonly pointwiseRegularizer?: LayerRegularizerLike | undefined;
  /** What that kernel is held to after every update. Default: nothing. */
  readonly pointwiseConstraint?: ConstraintLike | undefined;
}

const optionNames: OptionNames<SeparableConv2DOptions> = {
  filters: true,
  depthMultiplier: true,
  depthwiseInitializer: true,
  depthwiseRegularizer: true,
  depthwiseConstraint: true,
  pointwiseInitializer: true,
  pointwiseRegularizer: true,
  pointwiseConstraint: true,
  ...convolutionOptionNames,
};

/** @internal */
export class SeparableConv2D extends Convolution {
  static override readonly className = 'SeparableConv2D';
  readonly #filters: number;
  readonly #depthMultiplier: number;
  readonly #depthwise: WeightSettings;
  readonly #pointwise: WeightSettings;

  constructor(options: SeparableConv2DOptions) {
    const given = checkOptions('layers.separableConv2d', options, optionNames);
    const { filters, depthMultiplier = 1 } = given;
    super(given);
    this.#filters = filtersOf(filters);
    this.#depthMultiplier = wholeNumber('depthMultiplier', depthMultiplier, 1);
    this.#depthwise = weightSettings('depthwise', given, 'glorotUniform');
    this.#pointwise = weightSettings('pointwise', given, 'glorotUniform');
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    channelsOfImages('separableConv2d', inputShape);
    return [...this.depthwiseGeometry(inputShape).outputSize, this.#filters];
  }

  protected override createWeights([inputShape]: readonly [Shape]): void {
    const channels = inputShape[2]!;
    const depth = [...this.kernelSize, channels, this.#depthMultiplier];
    this.addWeight('depthwise_kernel', depth, this.#depthwise.initializer, this.#depthwise.rules);
    const point = [1, 1, channels * this.#depthMultiplier, this.#filters];
    this.addWeight('pointwise_kernel', point, this.#pointwise.initializer, this.#pointwise.rules);
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
      ...settingsConfig('depthwise', this.#depthwise),
      ...settingsConfig('pointwise', this.#pointwise),
    };
  }
}

registerClass(SeparableConv2D);
