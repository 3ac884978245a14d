// Convolution of images: y = activation(x ⋆ kernel + bias).
import { wholeNumber } from '../checks.js';
import { type Initializer, type InitializerLike, toInitializer } from '../initializers/index.js';
import { configOf } from '../initializers/initializer.js';
import { conv2dAt } from '../ops/conv2d.js';
import { type Conv2dGeometry, conv2dGeometry } from '../ops/conv2d-geometry.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import {
  Convolution,
  type ConvolutionOptions,
  convolutionOptionNames,
  dividingGroups,
  filtersOf,
} from './convolution.js';
import type { LayerConfig } from './layer.js';
import { registerClass } from './registry.js';
import { channelsOfImages } from './window-options.js';

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
  static override readonly className = 'Conv2D';
  readonly #filters: number;
  readonly #groups: number;
  readonly #kernelInitializer: Initializer;

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

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    dividingGroups(this.#groups, channelsOfImages('conv2d', inputShape), this.#filters);
    return [...this.#geometryFor(inputShape).outputSize, this.#filters];
  }

  protected override createWeights([inputShape]: readonly [Shape]): void {
    const shape = [...this.kernelSize, inputShape[2]! / this.#groups, this.#filters];
    this.addWeight('kernel', shape, this.#kernelInitializer);
    this.addBias(this.#filters);
  }

  override call([x]: readonly [Value]): Value {
    return this.finish(conv2dAt(x, this.weight('kernel', x), this.#geometryFor(x.shape.slice(1))));
  }

  #geometryFor([height, width]: Shape): Conv2dGeometry {
    return conv2dGeometry([height!, width!], this.kernelSize, {
      strides: this.strides,
      padding: this.padding,
      dilations: this.dilations,
      groups: this.#groups,
    });
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

registerClass(Conv2D);
