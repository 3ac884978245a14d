// Transposed convolution (also called fractionally strided, or inverse): each place of x is spread over a window of y.
import { type Conv2dGeometry, conv2dTransposeGeometry } from '../ops/conv2d-geometry.js';
import { conv2dInputGradient } from '../ops/conv2d-input-gradient.js';
import { type Pair, pairOf } from '../ops/window.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { Convolution, type ConvolutionOptions, convolutionOptionNames, filtersOf } from './convolution.js';
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

/** What `layers.conv2dTranspose` takes. */
export interface Conv2DTransposeOptions extends ConvolutionOptions, KernelOptions {
  /** Number of output channels. */
  readonly filters: number;
  /** Rows and columns beyond the smallest possible output, below the stride. Default: as many as `padding` says. */
  readonly outputPadding?: number | Pair | undefined;
}

const optionNames: OptionNames<Conv2DTransposeOptions> = {
  filters: true,
  outputPadding: true,
  ...kernelOptionNames,
  ...convolutionOptionNames,
};

/** @internal */
export class Conv2DTranspose extends Convolution {
  static override readonly className = 'Conv2DTranspose';
  readonly #filters: number;
  readonly #outputPadding: Pair | undefined;
  readonly #kernel: WeightSettings;

  constructor(options: Conv2DTransposeOptions) {
    const given = checkOptions('layers.conv2dTranspose', options, optionNames);
    const { filters, outputPadding } = given;
    super(given);
    this.#filters = filtersOf(filters);
    this.#outputPadding = outputPadding === undefined ? undefined : pairOf('outputPadding', outputPadding, 0);
    this.#kernel = weightSettings('kernel', given, 'glorotUniform');
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    channelsOfImages('conv2dTranspose', inputShape);
    return [...this.#geometryFor(inputShape).inputSize, this.#filters];
  }

  protected override createWeights([inputShape]: readonly [Shape]): void {
    const shape = [...this.kernelSize, this.#filters, inputShape[2]!];
    this.addWeight('kernel', shape, this.#kernel.initializer, this.#kernel.rules);
    this.addBias(this.#filters);
  }

  override call([x]: readonly [Value]): Value {
    return this.finish(conv2dInputGradient(x, this.weight('kernel', x), this.#geometryFor(x.shape.slice(1))));
  }

  #geometryFor([height, width]: Shape): Conv2dGeometry {
    return conv2dTransposeGeometry([height!, width!], this.kernelSize, {
      strides: this.strides,
      padding: this.padding,
      dilations: this.dilations,
      outputPadding: this.#outputPadding,
    });
  }

  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      filters: this.#filters,
      ...(this.#outputPadding && { outputPadding: this.#outputPadding }),
      ...settingsConfig('kernel', this.#kernel),
    };
  }
}

registerClass(Conv2DTranspose);
