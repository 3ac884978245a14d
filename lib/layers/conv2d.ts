// Convolution of images: y = activation(x ⋆ kernel + bias).
import { wholeNumber } from '../checks.js';
import { type Initializer, type InitializerLike, toInitializer } from '../initializers/index.js';
import { conv2dAt } from '../ops/conv2d.js';
import { type Conv2dGeometry, conv2dGeometry } from '../ops/conv2d-geometry.js';
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
  dividingGroups,
  filtersOf,
} from './convolution.js';
import type { LayerConfig, WeightStreams } from './layer.js';

export interface Conv2DOptions extends ConvolutionOptions {
  /** Number of output channels. */
  readonly filters: number;
  /** Input and output channels are cut into so many parts, each convolved by itself. Default 1. */
  readonly groups?: number | undefined;
  /** Default `glorotUniform`. */
  readonly kernelInitializer?: InitializerLike | undefined;
}

const optionNames: OptionNames<Conv2DOptions> = {
  filters: true,
  groups: true,
  kernelInitializer: true,
  ...convolutionOptionNames,
};

/** @internal */
export class Conv2D extends Convolution {
  readonly className = 'Conv2D';
  readonly #filters: number;
  readonly #groups: number;
  readonly #kernelInitializer: Initializer;
  #geometry!: Conv2dGeometry;
  #kernel!: Variable;

  constructor(options: Conv2DOptions) {
    const {
      filters,
      groups = 1,
      kernelInitializer = 'glorotUniform',
      ...base
    } = checkOptions('layers.conv2d', options, optionNames);
    super(base);
    this.#filters = filtersOf(filters);
    this.#groups = wholeNumber('groups', groups, 1);
    this.#kernelInitializer = toInitializer(kernelInitializer);
  }

  protected override createWeights(inputShape: Shape, streams: WeightStreams): Shape {
    const channels = channelsOfImages('conv2d', inputShape);
    const groups = dividingGroups(this.#groups, channels, this.#filters);
    this.#geometry = conv2dGeometry([inputShape[0]!, inputShape[1]!], this.kernelSize, {
      strides: this.strides,
      padding: this.padding,
      dilations: this.dilations,
      groups,
    });
    const shape = [...this.kernelSize, channels / groups, this.#filters];
    this.#kernel = this.addWeight('kernel', shape, this.#kernelInitializer, streams);
    this.addBias(this.#filters, streams);
    return [...this.#geometry.outputSize, this.#filters];
  }

  override call(x: Value): Value {
    return this.finish(conv2dAt(x, x.graph.read(this.#kernel), this.#geometry));
  }

  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      filters: this.#filters,
      groups: this.#groups,
      kernelInitializer: configOf(this.#kernelInitializer),
    };
  }
}
