// Leaky rectified linear unit: x if x > 0, else negativeSlope · x (Maas, Hannun & Ng 2013).
import { nonNegativeNumber } from '../checks.js';
import { leakyRelu } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { type LayerConfig, type LayerOptions, layerOptionNames, ShapePreservingLayer } from './layer.js';
import { registerClass } from './registry.js';

/** What `layers.leakyReLU` takes. */
export interface LeakyReLUOptions extends LayerOptions {
  /** At least 0. Default 0.3, as in Keras. */
  readonly negativeSlope?: number | undefined;
  /** The name of `negativeSlope` in Keras 2 and TensorFlow.js. */
  readonly alpha?: number | undefined;
}

const optionNames: OptionNames<LeakyReLUOptions> = { negativeSlope: true, alpha: true, ...layerOptionNames };

/** @internal */
export class LeakyReLU extends ShapePreservingLayer {
  static override readonly className = 'LeakyReLU';
  readonly #negativeSlope: number;

  constructor(options?: LeakyReLUOptions) {
    const { alpha = 0.3, negativeSlope, ...base } = checkOptions('layers.leakyReLU', options, optionNames);
    super(base);
    this.#negativeSlope =
      negativeSlope === undefined
        ? nonNegativeNumber('alpha', alpha)
        : nonNegativeNumber('negativeSlope', negativeSlope);
  }

  override call([x]: readonly [Value]): Value {
    return leakyRelu(x, this.#negativeSlope);
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), negativeSlope: this.#negativeSlope };
  }
}

registerClass(LeakyReLU);
