// What layer and group normalisation share: a scale and an offset per channel, and statistics of a sample.
import { positiveNumber, trueOrFalse } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { add, affine, divide, mean, multiply, reshape, sqrt, square, subtract } from '../ops/index.js';
import type { OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { type LayerConfig, type LayerOptions, layerOptionNames, ShapePreservingLayer } from './layer.js';
import {
  type GammaBetaOptions,
  gammaBetaOptionNames,
  settingsConfig,
  type WeightSettings,
  weightSettings,
} from './weight-settings.js';

/** What `layers.layerNormalization` takes. */
export interface NormalizationOptions extends LayerOptions, GammaBetaOptions {
  /** Added to the variance. Default 0.001. */
  readonly epsilon?: number | undefined;
  /** Whether an offset `beta` is added. Default true. */
  readonly center?: boolean | undefined;
  /** Whether the result is multiplied by `gamma`. Default true. */
  readonly scale?: boolean | undefined;
}

/** @internal */
export const normalizationOptionNames: OptionNames<NormalizationOptions> = {
  epsilon: true,
  center: true,
  scale: true,
  ...gammaBetaOptionNames,
  ...layerOptionNames,
};

/** @internal */
export abstract class Normalization extends ShapePreservingLayer {
  readonly #epsilon: number;
  readonly #center: boolean;
  readonly #scale: boolean;
  readonly #beta: WeightSettings;
  readonly #gamma: WeightSettings;

  constructor(options: NormalizationOptions) {
    const { epsilon = 1e-3, center = true, scale = true } = options;
    super(options);
    this.#epsilon = positiveNumber('epsilon', epsilon);
    this.#center = trueOrFalse('center', center);
    this.#scale = trueOrFalse('scale', scale);
    this.#beta = weightSettings('beta', options, 'zeros');
    this.#gamma = weightSettings('gamma', options, 'ones');
  }

  protected override createWeights([inputShape]: readonly [Shape]): void {
    const channels = inputShape.at(-1);
    if (channels === undefined) {
      throw new CudaGanError('CUDA_GAN_SHAPE', 'normalisation needs at least 1 dimension, found []');
    }
    if (this.#scale) this.addWeight('gamma', [channels], this.#gamma.initializer, this.#gamma.rules);
    if (this.#center) this.addWeight('beta', [channels], this.#beta.initializer, this.#beta.rules);
  }

  /** (x - mean) / √(variance + epsilon), mean and variance taken over `axes`. */
  protected standardized(x: Value, axes: readonly number[]): Value {
    const kept = x.shape.map((dimension, i) => (axes.includes(i) ? 1 : dimension));
    const centered = subtract(x, reshape(mean(x, axes), kept));
    const variance = reshape(mean(square(centered), axes), kept);
    return divide(centered, sqrt(affine(variance, 1, this.#epsilon)));
  }

  /** gamma · x + beta, as far as they are wanted. */
  protected scaled(x: Value): Value {
    const y = this.#scale ? multiply(x, this.weight('gamma', x)) : x;
    return this.#center ? add(y, this.weight('beta', x)) : y;
  }

  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      epsilon: this.#epsilon,
      center: this.#center,
      scale: this.#scale,
      ...settingsConfig('beta', this.#beta),
      ...settingsConfig('gamma', this.#gamma),
    };
  }
}
