// Depthwise convolution: every channel is convolved by itself, with `depthMultiplier` kernels.
import { wholeNumber } from '../checks.js';
import { type Initializer, type InitializerLike, toInitializer } from '../initializers/index.js';
import { conv2dAt } from '../ops/conv2d.js';
import { type Conv2dGeometry, conv2dGeometry } from '../ops/conv2d-geometry.js';
import { reshape } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Variable } from '../program/variable.js';
import type { Shape } from '../tensor.js';
import {
  Convolution,
  type ConvolutionOptions,
  channelsOfImages,
  configOf,
  convolutionOptionNames,
} from './convolution.js';
import type { LayerConfig, WeightStreams } from './layer.js';

export interface DepthwiseConv2DOptions extends ConvolutionOptions {
  /** Output channels per input channel. Default 1. */
  readonly depthMultiplier?: number | undefined;
  /** Default `glorotUniform`. */
  readonly depthwiseInitializer?: InitializerLike | undefined;
}

const optionNames: OptionNames<DepthwiseConv2DOptions> = {
  depthMultiplier: true,
  depthwiseInitializer: true,
  ...convolutionOptionNames,
};

/** @internal */
export class DepthwiseConv2D extends Convolution {
  readonly className = 'DepthwiseConv2D';
  readonly #depthMultiplier: number;
  readonly #depthwiseInitializer: Initializer;
  #geometry!: Conv2dGeometry;
  #kernel!: Variable;

  constructor(options: DepthwiseConv2DOptions) {
    const {
      depthMultiplier = 1,
      depthwiseInitializer = 'glorotUniform',
      ...base
    } = checkOptions('layers.depthwiseConv2d', options, optionNames);
    super(base);
    this.#depthMultiplier = wholeNumber('depthMultiplier', depthMultiplier, 1);
    this.#depthwiseInitializer = toInitializer(depthwiseInitializer);
  }

  protected override createWeights(inputShape: Shape, streams: WeightStreams): Shape {
    const channels = channelsOfImages('depthwiseConv2d', inputShape);
    this.#geometry = conv2dGeometry([inputShape[0]!, inputShape[1]!], this.kernelSize, {
      strides: this.strides,
      padding: this.padding,
      dilations: this.dilations,
      groups: channels,
    });
    const shape = [...this.kernelSize, channels, this.#depthMultiplier];
    this.#kernel = this.addWeight('kernel', shape, this.#depthwiseInitializer, streams);
    this.addBias(channels * this.#depthMultiplier, streams);
    return [...this.#geometry.outputSize, channels * this.#depthMultiplier];
  }

  override call(x: Value): Value {
    return this.finish(depthwise(x, x.graph.read(this.#kernel), this.#geometry));
  }

  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      depthMultiplier: this.#depthMultiplier,
      depthwiseInitializer: configOf(this.#depthwiseInitializer),
    };
  }
}

/** x with kernel [height, width, channels, multiplier], by a geometry of as many groups as channels. @internal */
export function depthwise(x: Value, kernel: Value, geometry: Conv2dGeometry): Value {
  const [height, width, channels, multiplier] = kernel.shape;
  return conv2dAt(x, reshape(kernel, [height!, width!, 1, channels! * multiplier!]), geometry);
}
