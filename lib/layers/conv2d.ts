// Convolution of images: y = activation(x ⋆ kernel + bias).
import { wholeNumber } from '../checks.js';
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
import {
  type KernelOptions,
  kernelOptionNames,
  settingsConfig,
  type WeightSettings,
  weightSettings,
} from './weight-settings.js';
import { channelsOfImages } from './window-options.js';

/** What `layers.conv2d` takes. */
export interface Conv2DOptions extends ConvolutionOptions, KernelOptions {
  /** Number of output channels. */
  readonly filters: number;
  /** Input and output channels are cut into so many parts, each convolved by itself. Default 1. */
  readonly groups?: number | undefined;
}

const optionNames: OptionNames<Conv2DOptions> = {
  filters: true,
  groups: true,
  ...kernelOptionNames,
  ...convolutionOptionNames,
};

/** @internal */
export class Conv2D extends Convolution {
  static override readonly className = 'Conv2D';
  readonly #filters: number;
  readonly #groups: number;
  readonly #kernel: WeightSettings;

  constructor(options: Conv2DOptions) {
    const given = checkOptions('layers.conv2d', options, optionNames);
    const { filters, groups = 1 } = given;
    super(given);
    this.#filters = filtersOf(filters);
    this.#groups = wholeNumber('groups', groups, 1);
    this.#kernel = weightSettings('kernel', given, 'glorotUniform');
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    dividingGroups(this.#groups, channelsOfImages('conv2d', inputShape), this.#filters);
    return [...this.#geometryFor(inputShape).outputSize, this.#filters];
  }

  protected override createWeights([inputShape]: readonly [Shape]): void {
    const shape = [...this.kernelSize, inputShape[2]! / this.#groups, this.#filters];
    this.addWeight('kernel', shape, this.#kernel.initializer, this.#kernel.rules);
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
      ...settingsConfig('kernel', this.#kernel),
    };
  }
}

registerClass(Conv2D);
