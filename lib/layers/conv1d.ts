// Convolution along one axis: sequences [steps, channels] are images of one row.
import { oneOf, wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { conv2dAt } from '../ops/conv2d.js';
import { type Conv2dGeometry, conv2dGeometry, layerWords } from '../ops/conv2d-geometry.js';
import { pad, reshape } from '../ops/index.js';
import type { WindowWords } from '../ops/window.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { formatShape, type Shape } from '../tensor.js';
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
import { singleOf } from './window-options.js';

const paddings = ['valid', 'same', 'causal'] as const;

/** What `layers.conv1d` takes. */
export interface Conv1DOptions
  extends Omit<ConvolutionOptions, 'kernelSize' | 'strides' | 'dilationRate' | 'padding'>,
    KernelOptions {
  /** Number of output channels. */
  readonly filters: number;
  /** Length of the window. */
  readonly kernelSize: number | readonly [number];
  /** How far the window moves. Default 1. */
  readonly strides?: number | readonly [number] | undefined;
  /** As for images; `causal`: the window ends at its place, so that nothing later is seen. Default `valid`. */
  readonly padding?: (typeof paddings)[number] | undefined;
  /** Distance of neighbouring elements of the window. Default 1. */
  readonly dilationRate?: number | readonly [number] | undefined;
  /** Input and output channels are cut into so many parts, each convolved by itself. Default 1. */
  readonly groups?: number | undefined;
}

const windowWords: WindowWords = { ...layerWords, axes: ['rows', 'steps'] };

const optionNames: OptionNames<Conv1DOptions> = {
  filters: true,
  groups: true,
  ...kernelOptionNames,
  ...convolutionOptionNames,
};

/** @internal */
export class Conv1D extends Convolution {
  static override readonly className = 'Conv1D';
  readonly #filters: number;
  readonly #groups: number;
  readonly #causal: boolean;
  readonly #kernel: WeightSettings;

  constructor(options: Conv1DOptions) {
    const given = checkOptions('layers.conv1d', options, optionNames);
    const { filters, kernelSize, strides = 1, padding = 'valid', dilationRate = 1, groups = 1 } = given;
    const causal = oneOf('padding', paddings, padding) === 'causal';
    super({
      ...given,
      kernelSize: [1, singleOf('kernelSize', kernelSize)],
      strides: [1, singleOf('strides', strides)],
      padding: causal ? 'valid' : (padding as 'valid' | 'same'),
      dilationRate: [1, singleOf('dilationRate', dilationRate)],
    });
    this.#filters = filtersOf(filters);
    this.#groups = wholeNumber('groups', groups, 1);
    this.#causal = causal;
    this.#kernel = weightSettings('kernel', given, 'glorotUniform');
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    if (inputShape.length !== 2) {
      throw new CudaGanError(
        'CUDA_GAN_SHAPE',
        `conv1d needs sequences of [steps, channels], found ${formatShape(inputShape)}`,
      );
    }
    const [steps, channels] = inputShape as [number, number];
    dividingGroups(this.#groups, channels, this.#filters);
    return [this.#geometryFor(steps).outputSize[1], this.#filters];
  }

  protected override createWeights([inputShape]: readonly [Shape]): void {
    const shape = [this.kernelSize[1], inputShape[1]! / this.#groups, this.#filters];
    this.addWeight('kernel', shape, this.#kernel.initializer, this.#kernel.rules);
    this.addBias(this.#filters);
  }

  override call([x]: readonly [Value]): Value {
    const [batch, steps, channels] = x.shape as [number, number, number];
    const kernel = this.weight('kernel', x);
    const geometry = this.#geometryFor(steps);
    const earlier = this.#before === 0 ? x : pad(x, [0, this.#before, 0], [0, 0, 0]);
    const row = reshape(earlier, [batch, 1, this.#before + steps, channels]);
    const y = conv2dAt(row, reshape(kernel, [1, ...kernel.shape]), geometry);
    return this.finish(reshape(y, [batch, geometry.outputSize[1], this.#filters]));
  }

  /** Of a row of so many steps. */
  #geometryFor(steps: number): Conv2dGeometry {
    const { strides, padding, dilations } = this;
    const options = { strides, padding, dilations, groups: this.#groups };
    return conv2dGeometry([1, steps + this.#before], this.kernelSize, options, windowWords);
  }

  /** Zeros in front of a causal convolution. */
  get #before(): number {
    return this.#causal ? (this.kernelSize[1] - 1) * this.dilations[1] : 0;
  }

  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      filters: this.#filters,
      kernelSize: this.kernelSize[1],
      strides: this.strides[1],
      padding: this.#causal ? 'causal' : this.padding,
      dilationRate: this.dilations[1],
      groups: this.#groups,
      ...settingsConfig('kernel', this.#kernel),
    };
  }
}

registerClass(Conv1D);
