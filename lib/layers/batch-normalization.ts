// Batch normalisation over the last axis (Ioffe & Szegedy 2015), with Keras' moving statistics:
// moving ← momentum · moving + (1 - momentum) · batch, of the biased variance.

import { numberIn, positiveNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { ones, zeros } from '../initializers/index.js';
import { batchNorm, movingAverage, normalize } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Variable } from '../program/variable.js';
import type { Shape } from '../tensor.js';
import {
  type CallOptions,
  Layer,
  type LayerConfig,
  type LayerOptions,
  layerOptionNames,
  type WeightStreams,
} from './layer.js';

export interface BatchNormalizationOptions extends LayerOptions {
  /** Share of the moving statistics that stays at every step, in [0, 1). Default 0.99. */
  readonly momentum?: number | undefined;
  /** Added to the variance. Default 0.001. */
  readonly epsilon?: number | undefined;
}

const optionNames: OptionNames<BatchNormalizationOptions> = { momentum: true, epsilon: true, ...layerOptionNames };

/** @internal */
export class BatchNormalization extends Layer {
  readonly className = 'BatchNormalization';
  readonly #momentum: number;
  readonly #epsilon: number;
  #gamma!: Variable;
  #beta!: Variable;
  #movingMean!: Variable;
  #movingVariance!: Variable;

  constructor(options?: BatchNormalizationOptions) {
    const {
      momentum = 0.99,
      epsilon = 1e-3,
      ...base
    } = checkOptions('layers.batchNormalization', options, optionNames);
    super(base);
    this.#momentum = numberIn('momentum', momentum, 0, 1);
    this.#epsilon = positiveNumber('epsilon', epsilon);
  }

  protected override createWeights(inputShape: Shape, streams: WeightStreams): Shape {
    const channels = inputShape.at(-1);
    if (channels === undefined) {
      throw new CudaGanError('CUDA_GAN_SHAPE', 'batch normalisation needs at least 1 dimension, found []');
    }
    const statistic = { trainable: false };
    this.#gamma = this.addWeight('gamma', [channels], ones(), streams);
    this.#beta = this.addWeight('beta', [channels], zeros(), streams);
    this.#movingMean = this.addWeight('moving_mean', [channels], zeros(), streams, statistic);
    this.#movingVariance = this.addWeight('moving_variance', [channels], ones(), streams, statistic);
    return inputShape;
  }

  /** Uses the batch's statistics in training mode, frozen or not, and moves its own where the step moves them. */
  override call(x: Value, { training, moves }: CallOptions): Value {
    const { graph } = x;
    const [gamma, beta] = [graph.read(this.#gamma), graph.read(this.#beta)];
    const [movingMean, movingVariance] = [graph.read(this.#movingMean), graph.read(this.#movingVariance)];
    if (!training) return normalize(x, gamma, beta, movingMean, movingVariance, this.#epsilon);
    const { y, mean, variance } = batchNorm(x, gamma, beta, this.#epsilon);
    if (moves?.has(this.#movingMean)) {
      movingAverage(movingMean, mean, this.#momentum);
      movingAverage(movingVariance, variance, this.#momentum);
    }
    return y;
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), momentum: this.#momentum, epsilon: this.#epsilon };
  }
}
