// Batch normalisation over the last axis (Ioffe & Szegedy 2015), with Keras' moving statistics:
// moving ← momentum · moving + (1 - momentum) · batch, of the biased variance.

import { numberIn, positiveNumber, trueOrFalse } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { batchNorm, fill, movingAverage, normalize } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import {
  type CallOptions,
  type LayerConfig,
  type LayerOptions,
  layerOptionNames,
  ShapePreservingLayer,
} from './layer.js';
import { registerClass } from './registry.js';
import {
  type GammaBetaOptions,
  gammaBetaOptionNames,
  settingsConfig,
  type WeightSettings,
  weightSettings,
} from './weight-settings.js';

/** What `layers.batchNormalization` takes. */
export interface BatchNormalizationOptions extends LayerOptions, GammaBetaOptions {
  /** Share of the moving statistics that stays at every step, in [0, 1). Default 0.99. */
  readonly momentum?: number | undefined;
  /** Added to the variance. Default 0.001. */
  readonly epsilon?: number | undefined;
  /** Whether beta is learned; else it is 0. Default true. */
  readonly center?: boolean | undefined;
  /** Whether gamma is learned; else it is 1. Default true. */
  readonly scale?: boolean | undefined;
}

const optionNames: OptionNames<BatchNormalizationOptions> = {
  momentum: true,
  epsilon: true,
  center: true,
  scale: true,
  ...gammaBetaOptionNames,
  ...layerOptionNames,
};

/** @internal */
export class BatchNormalization extends ShapePreservingLayer {
  static override readonly className = 'BatchNormalization';
  readonly #momentum: number;
  readonly #epsilon: number;
  readonly #center: boolean;
  readonly #scale: boolean;
  readonly #beta: WeightSettings;
  readonly #gamma: WeightSettings;

  constructor(options?: BatchNormalizationOptions) {
    const given = checkOptions('layers.batchNormalization', options, optionNames);
    const { momentum = 0.99, epsilon = 1e-3, center = true, scale = true } = given;
    super(given);
    this.#momentum = numberIn('momentum', momentum, 0, 1);
    this.#epsilon = positiveNumber('epsilon', epsilon);
    this.#center = trueOrFalse('center', center);
    this.#scale = trueOrFalse('scale', scale);
    this.#beta = weightSettings('beta', given, 'zeros');
    this.#gamma = weightSettings('gamma', given, 'ones');
  }

  protected override createWeights([inputShape]: readonly [Shape]): void {
    const channels = inputShape.at(-1);
    if (channels === undefined) {
      throw new CudaGanError('CUDA_GAN_SHAPE', 'batch normalisation needs at least 1 dimension, found []');
    }
    const statistic = { trainable: false };
    if (this.#scale) this.addWeight('gamma', [channels], this.#gamma.initializer, this.#gamma.rules);
    if (this.#center) this.addWeight('beta', [channels], this.#beta.initializer, this.#beta.rules);
    this.addWeight('moving_mean', [channels], 'zeros', statistic);
    this.addWeight('moving_variance', [channels], 'ones', statistic);
  }

  /** Uses the batch's statistics in training mode, frozen or not, and moves its own where the step moves them. */
  override call([x]: readonly [Value], options: CallOptions): Value {
    const channels = [x.shape.at(-1)!];
    const gamma = this.#scale ? this.weight('gamma', x) : fill(x.graph, channels, 1);
    const beta = this.#center ? this.weight('beta', x) : fill(x.graph, channels, 0);
    const [movingMean, movingVariance] = [this.weight('moving_mean', x), this.weight('moving_variance', x)];
    if (!options.training) return normalize(x, gamma, beta, movingMean, movingVariance, this.#epsilon);
    const { y, mean, variance } = batchNorm(x, gamma, beta, this.#epsilon);
    if (this.isMoved('moving_mean', options)) {
      movingAverage(movingMean, mean, this.#momentum);
      movingAverage(movingVariance, variance, this.#momentum);
    }
    return y;
  }

  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      momentum: this.#momentum,
      epsilon: this.#epsilon,
      center: this.#center,
      scale: this.#scale,
      ...settingsConfig('beta', this.#beta),
      ...settingsConfig('gamma', this.#gamma),
    };
  }
}

registerClass(BatchNormalization);
