// Separable convolution: a depthwise one, then one of 1 by 1 that mixes the channels.
import { wholeNumber } from '../checks.js';
import { type Initializer, type InitializerLike, toInitializer } from '../initializers/index.js';
import { type Conv2dGeometry, conv2dGeometry } from '../ops/conv2d-geometry.js';
import { conv2d } from '../ops/index.js';
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
  filtersOf,
} from './convolution.js';
import { depthwise } from './depthwise-conv2d.js';
import type { LayerConfig, WeightStreams } from './layer.js';

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
  readonly className = 'SeparableConv2D';
  readonly #filters: number;
  readonly #depthMultiplier: number;
  readonly #depthwiseInitializer: Initializer;
  readonly #pointwiseInitializer: Initializer;
  #geometry!: Conv2dGeometry;
  #depthwiseKernel!: Variable;
  #pointwiseKernel!: Variable;

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

  protected override createWeights(inputShape: Shape, streams: WeightStreams): Shape {
    const channels = channelsOfImages('separableConv2d', inputShape);
    this.#geometry = conv2dGeometry([inputShape[0]!, inputShape[1]!], this.kernelSize, {
      strides: this.strides,
      padding: this.padding,
      dilations: this.dilations,
      groups: channels,
    });
    const depth = [...this.kernelSize, channels, this.#depthMultiplier];
    this.#depthwiseKernel = this.addWeight('depthwise_kernel', depth, this.#depthwiseInitializer, streams);
    const point = [1, 1, channels * this.#depthMultiplier, this.#filters];
    this.#pointwiseKernel = this.addWeight('pointwise_kernel', point, this.#pointwiseInitializer, streams);
    this.addBias(this.#filters, streams);
    return [...this.#geometry.outputSize, this.#filters];
  }

  override call(x: Value): Value {
    const { graph } = x;
    const channels = depthwise(x, graph.read(this.#depthwiseKernel), this.#geometry);
    return this.finish(conv2d(channels, graph.read(this.#pointwiseKernel)));
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
