// Depthwise convolution: every channel is convolved by itself, with `depthMultiplier` kernels.

import { wholeNumber } from '../checks.js';
import type { InitializerLike } from '../initializers/index.js';
import { conv2dAt } from '../ops/conv2d.js';
import type { Conv2dGeometry } from '../ops/conv2d-geometry.js';
import { reshape } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import type { ConstraintLike } from './constraints/index.js';
import { Convolution, type ConvolutionOptions, convolutionOptionNames } from './convolution.js';
import type { LayerConfig } from './layer.js';
import { registerClass } from './registry.js';
import type { LayerRegularizerLike } from './regularizers/index.js';
import { settingsConfig, type WeightSettings, weightSettings } from './weight-settings.js';
import { channelsOfImages } from './window-options.js';

/** What `layers.depthwiseConv2d` takes. */
export interface DepthwiseConv2DOptions extends ConvolutionOptions {
  /** Output channels per input channel. Default 1. */
  readonly depthMultiplier?: number | undefined;
  /** Default `glorotUniform`. */
  readonly depthwiseInitializer?: InitializerLike | undefined;
  /** Added to the loss. Default: nothing. */
  readonly depthwiseRegularizer?: LayerRegularizerLike | undefined;
  /** What the kernel is held to after every update. Default: nothing. */
  readonly depthwiseConstraint?: ConstraintLike | undefined;
}

const optionNames: OptionNames<DepthwiseConv2DOptions> = {
  depthMultiplier: true,
  depthwiseInitializer: true,
  depthwiseRegularizer: true,
  depthwiseConstraint: true,
  ...convolutionOptionNames,
};

/** @internal */
export class DepthwiseConv2D extends Convolution {
  static override readonly className = 'DepthwiseConv2D';
  readonly #depthMultiplier: number;
  readonly #depthwise: WeightSettings;

  constructor(options: DepthwiseConv2DOptions) {
    const given = checkOptions('layers.depthwiseConv2d', options, optionNames);
    const { depthMultiplier = 1 } = given;
    super(given);
    this.#depthMultiplier = wholeNumber('depthMultiplier', depthMultiplier, 1);
    this.#depthwise = weightSettings('depthwise', given, 'glorotUniform');
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    const channels = channelsOfImages('depthwiseConv2d', inputShape);
    return [...this.depthwiseGeometry(inputShape).outputSize, channels * this.#depthMultiplier];
  }

  protected override createWeights([inputShape]: readonly [Shape]): void {
    const channels = inputShape[2]!;
    const { initializer, rules } = this.#depthwise;
    this.addWeight('kernel', [...this.kernelSize, channels, this.#depthMultiplier], initializer, rules);
    this.addBias(channels * this.#depthMultiplier);
  }

  override call([x]: readonly [Value]): Value {
    return this.finish(depthwise(x, this.weight('kernel', x), this.depthwiseGeometry(x.shape.slice(1))));
  }

  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      depthMultiplier: this.#depthMultiplier,
      ...settingsConfig('depthwise', this.#depthwise),
    };
  }
}

registerClass(DepthwiseConv2D);

/** x with kernel [height, width, channels, multiplier], by a geometry of as many groups as channels. @internal */
export function depthwise(x: Value, kernel: Value, geometry: Conv2dGeometry): Value {
  const [height, width, channels, multiplier] = kernel.shape;
  return conv2dAt(x, reshape(kernel, [height!, width!, 1, channels! * multiplier!]), geometry);
}
